import { useEffect, useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { Virtualizer } from "virtua";
import type { VirtualizerHandle } from "virtua";
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
}

/**
 * A table of any length: only what is seen is in the document, and who hears it is told how long it is. One stop for Tab; the
 * arrows, Home, End and the page keys move between rows, Enter opens one. Narrow, each row becomes a card.
 */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rows, keyOf, at, onMove, onOpen, isSelected } = props;
  const list = useRef<VirtualizerHandle>(null);
  const body = useRef<HTMLDivElement>(null);
  const isShown = useRef(false);
  const hasMoved = useRef(false);
  const template = columns.map(({ width }) => width).join(" ");
  useEffect(() => {
    // A link to a row further down begins there, and leaves the focus where it is.
    if (!isShown.current && at > 0) list.current?.scrollToIndex(at, { align: "center" });
    isShown.current = true;
    if (!hasMoved.current) return;
    list.current?.scrollToIndex(at, { align: "nearest" });
    body.current?.querySelector<HTMLElement>(`[aria-rowindex="${at + 2}"]`)?.focus({ preventScroll: true });
  }, [at]);
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
    hasMoved.current = true;
    onMove(next);
  };
  return (
    <div role="table" aria-label={label} aria-rowcount={rows.length + 1} className={styles.table} onKeyDown={onKeyDown}>
      <div role="row" aria-rowindex={1} className={styles.head} style={{ gridTemplateColumns: template }}>
        {columns.map(({ name, title, isNumber }) => (
          <span key={name} role="columnheader" className={isNumber === true ? styles.number : undefined}>
            {title}
          </span>
        ))}
      </div>
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

const page = 10;

function moved(key: string, at: number, length: number): number | undefined {
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
      style={{ gridTemplateColumns: columns.map(({ width }) => width).join(" ") }}
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
