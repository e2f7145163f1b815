import type { TabProps } from "../tabs.ts";

export function Graph({ id }: TabProps) {
  return <p>{id}</p>;
}
