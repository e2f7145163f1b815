import type { DiffLine } from "./parseDiff.ts";

/** A line where it is shown. */
export interface DiffCell {
  readonly line: DiffLine;
  /** Its place in the list of lines. */
  readonly index: number;
  /** What stands in its place on the other side, where both were changed. */
  readonly other: string | undefined;
}

/**
 * What is shown beside each other: one cell in one column, two in two, of which one may be empty; or what stands between two parts
 * of a file.
 */
export type DiffRow =
  | { readonly kind: "hunk"; readonly text: string }
  | { readonly kind: "lines"; readonly cells: readonly (DiffCell | undefined)[] };

export type DiffView = "unified" | "split";

/** The rows of a file's lines: all of them below each other, or what was beside what is. */
export function diffRows(lines: readonly DiffLine[], view: DiffView): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  let removed: Numbered[] = [];
  let added: Numbered[] = [];
  const endBlock = (): void => {
    if (removed.length + added.length > 0) rows.push(...(view === "split" ? beside : below)(removed, added));
    [removed, added] = [[], []];
  };
  for (const [index, line] of lines.entries()) {
    if (line.kind === "removed") {
      // What is removed after something was added is another place.
      if (added.length > 0) endBlock();
      removed.push({ line, index });
    } else if (line.kind === "added") {
      added.push({ line, index });
    } else {
      endBlock();
      rows.push(rowOf(line, index, view));
    }
  }
  endBlock();
  return rows;
}

type Numbered = Pick<DiffCell, "line" | "index">;

function rowOf(line: DiffLine, index: number, view: DiffView): DiffRow {
  if (line.kind === "hunk") return { kind: "hunk", text: line.text };
  const cell = { line, index, other: undefined };
  return { kind: "lines", cells: view === "split" ? [cell, cell] : [cell] };
}

function below(removed: readonly Numbered[], added: readonly Numbered[]): readonly DiffRow[] {
  return [
    ...removed.map((each, at) => ({ kind: "lines" as const, cells: [{ ...each, other: added[at]?.line.text }] })),
    ...added.map((each, at) => ({ kind: "lines" as const, cells: [{ ...each, other: removed[at]?.line.text }] })),
  ];
}

function beside(removed: readonly Numbered[], added: readonly Numbered[]): readonly DiffRow[] {
  return Array.from({ length: Math.max(removed.length, added.length) }, (_each, at) => {
    const [before, after] = [removed[at], added[at]];
    return {
      kind: "lines" as const,
      cells: [
        before === undefined ? undefined : { ...before, other: after?.line.text },
        after === undefined ? undefined : { ...after, other: before?.line.text },
      ],
    };
  });
}

export type DiffSide = 0 | 1;

/** The column of a row that somebody means who is on that side of it: the other one where there is nothing. */
export function columnOf(row: DiffRow, side: DiffSide): DiffSide {
  if (row.kind === "hunk" || row.cells.length === 1) return 0;
  const other = side === 0 ? 1 : 0;
  return row.cells[side] === undefined ? other : side;
}

/** Undefined between two parts of a file. */
export function cellOf(row: DiffRow | undefined, side: DiffSide): DiffCell | undefined {
  return row?.kind === "lines" ? row.cells[columnOf(row, side)] : undefined;
}
