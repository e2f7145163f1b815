import type { TabProps } from "../tabs.ts";

export function Cost({ id }: TabProps) {
  return <p>{id}</p>;
}
