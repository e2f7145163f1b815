import type { TabProps } from "../tabs.ts";

export function Log({ id }: TabProps) {
  return <p>{id}</p>;
}
