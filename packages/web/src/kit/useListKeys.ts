import type { RefObject } from "react";
import { listKeys } from "../keys/bindings.ts";
import { useKeys } from "../keys/useKeys.ts";
import type { VirtualTableProps } from "./VirtualTable.tsx";

/** The keys of lists are those of the list that has the focus, else of the first. */
export function useListKeys<Row>(
  { rows, at, onOpen, onSelect, onActions }: VirtualTableProps<Row>,
  table: RefObject<HTMLElement | null>,
  go: (to: number | undefined) => void,
): void {
  const row = rows[at];
  const actions =
    row === undefined
      ? {}
      : {
          [listKeys.next.keys]: () => go(moved("ArrowDown", at, rows.length)),
          [listKeys.previous.keys]: () => go(moved("ArrowUp", at, rows.length)),
          [listKeys.open.keys]: () => onOpen(row),
          ...(onSelect === undefined ? {} : { [listKeys.select.keys]: () => onSelect(row) }),
          ...(onActions === undefined ? {} : { [listKeys.actions.keys]: () => onActions(row) }),
        };
  useKeys(actions, {
    isOn: () => {
      const lists = document.querySelectorAll("[data-list]");
      return (document.activeElement?.closest("[data-list]") ?? lists[0]) === table.current;
    },
  });
}

const page = 10;

/** The row that a key leads to from the one at hand; undefined where it leads nowhere. Pure. */
export function moved(key: string, at: number, length: number): number | undefined {
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: length - 1,
  }[key];
  return to === undefined || length === 0 ? undefined : Math.max(0, Math.min(length - 1, to));
}
