import type { TabProps } from "../tabs.ts";

export function Events({ id }: TabProps) {
  return <p>{id}</p>;
}
