import type { TabProps } from "../tabs.ts";

export function Changes({ id }: TabProps) {
  return <p>{id}</p>;
}
