import type { TabProps } from "../tabs.ts";

export function Timeline({ id }: TabProps) {
  return <p>{id}</p>;
}
