import type { TabProps } from "../tabs.ts";

export function Overview({ id }: TabProps) {
  return <p>{id}</p>;
}
