import { useEffect, useRef } from "react";
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import { Virtualizer } from "virtua";
import type { VirtualizerHandle } from "virtua";
import { moved, useListKeys } from "./useListKeys.ts";
import styles from "./VirtualTable.module.css";

export interface Column<Row> {
  readonly name: string;
  readonly title: string;
  /** A track of a CSS grid: "8rem", "minmax(12rem, 1fr)". */
  readonly width: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

export interface VirtualTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** The row the keyboard is on. */
  readonly at: number;
  readonly onMove: (at: number) => void;
  readonly onOpen: (row: Row) => void;
  readonly isSelected?: (row: Row) => boolean;
  /** Selects a row, or lets it go. */
  readonly onSelect?: (row: Row) => void;
  /** Shows what can be done with a row. */
  readonly onActions?: (row: Row) => void;
}

/**
 * A table of any length: only what is seen is in the document, and who hears it is told how long it is. One stop for Tab; the
 * arrows, Home, End and the page keys move between rows, Enter opens one; so do the keys of lists, from wherever one is. Narrow, each
 * row becomes a card.
 */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rows, keyOf, at, onMove, onOpen, isSelected } = props;
  const list = useRef<VirtualizerHandle>(null);
  const body = useRef<HTMLDivElement>(null);
  const table = useRef<HTMLDivElement>(null);
  const hasMoved = useSeenRow(list, body, at);
  const go = (to: number | undefined): void => {
    if (to === undefined || to === at) return;
    hasMoved.current = true;
    onMove(to);
  };
  useListKeys(props, table, go);
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[at];
    if (
      event.key === "Enter" &&
      event.target === event.currentTarget.querySelector("[data-current]") &&
      row !== undefined
    ) {
      onOpen(row);
      return;
    }
    const next = moved(event.key, at, rows.length);
    if (next === undefined) return;
    event.preventDefault();
    go(next);
  };
  return (
    <div
      ref={table}
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      data-list=""
      className={styles.table}
      onKeyDown={onKeyDown}
    >
      <TableHead columns={columns} />
      <div ref={body} className={styles.body} role="rowgroup">
        <Virtualizer ref={list} data={rows} keepMounted={[at]}>
          {(row, index) => (
            <TableRow
              key={keyOf(row)}
              columns={columns}
              row={row}
              index={index}
              isCurrent={index === at}
              isSelected={isSelected?.(row) ?? false}
              onMove={onMove}
              onOpen={onOpen}
            />
          )}
        </Virtualizer>
      </div>
    </div>
  );
}

/** Keeps the row at hand in sight, and the focus on it once what is given back says that somebody has moved. */
function useSeenRow(
  list: RefObject<VirtualizerHandle | null>,
  body: RefObject<HTMLElement | null>,
  at: number,
): RefObject<boolean> {
  const isShown = useRef(false);
  const hasMoved = useRef(false);
  useEffect(() => {
    // A link to a row further down begins there, and leaves the focus where it is.
    if (!isShown.current && at > 0) list.current?.scrollToIndex(at, { align: "center" });
    isShown.current = true;
    // Fewer rows move it as well, and somebody may be writing in the filter then.
    if (!hasMoved.current) return;
    hasMoved.current = false;
    list.current?.scrollToIndex(at, { align: "nearest" });
    body.current?.querySelector<HTMLElement>(`[aria-rowindex="${at + 2}"]`)?.focus({ preventScroll: true });
  }, [at, body, list]);
  return hasMoved;
}

function TableHead<Row>({ columns }: Pick<VirtualTableProps<Row>, "columns">) {
  return (
    <div role="row" aria-rowindex={1} className={styles.head} style={{ gridTemplateColumns: tracksOf(columns) }}>
      {columns.map(({ name, title, isNumber }) => (
        <span key={name} role="columnheader" className={isNumber === true ? styles.number : undefined}>
          {title}
        </span>
      ))}
    </div>
  );
}

function tracksOf(columns: readonly Pick<Column<never>, "width">[]): string {
  return columns.map(({ width }) => width).join(" ");
}

interface TableRowProps<Row> extends Pick<VirtualTableProps<Row>, "columns" | "onMove" | "onOpen"> {
  readonly row: Row;
  readonly index: number;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
}

function TableRow<Row>({ columns, row, index, isCurrent, isSelected, onMove, onOpen }: TableRowProps<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-current={isCurrent ? "" : undefined}
      tabIndex={isCurrent ? 0 : -1}
      className={styles.row}
      style={{ gridTemplateColumns: tracksOf(columns) }}
      onClick={() => onMove(index)}
      onDoubleClick={() => onOpen(row)}
    >
      {columns.map(({ name, title, isNumber, cell }) => (
        <span key={name} role="cell" data-title={title} className={isNumber === true ? styles.number : undefined}>
          {cell(row)}
        </span>
      ))}
    </div>
  );
}
