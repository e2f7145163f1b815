import type { TabProps } from "../tabs.ts";

export function Transcript({ id }: TabProps) {
  return <p>{id}</p>;
}
