import { cleanLine } from "./cleanText.ts";
import { displayWidth } from "./displayWidth.ts";
import type { Line, Span } from "./line.ts";
import { fitLine, padText } from "./line.ts";

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** May be cut down to this width where room is short; without it the column is never cut, only left out. */
  readonly shrinkTo?: number;
  /** Never narrower than this, so that a redrawn table does not jump. */
  readonly atLeast?: number;
  /** Where room is short even so, the column with the lowest rank is left out first. */
  readonly rank: number;
}

const gap = 2;

/** The table without the columns that say nothing in any row: nothing, or a dash for it. */
export function layTellingTable(
  columns: readonly Column[],
  rows: readonly Line[],
  options: { readonly width: number; readonly titles?: boolean },
): readonly Line[] {
  const tells = columns.map((_column, at) => rows.some((row) => !["", "-"].includes(row[at]?.text ?? "")));
  const kept = rows.map((row) => row.filter((_cell, at) => tells[at]));
  return layTable(
    columns.filter((_column, at) => tells[at]),
    kept,
    options,
  );
}

/**
 * Lays rows out in columns, no line wider than `width`: columns that may shrink do, then the least important are left out.
 * The title line comes first unless `titles` is false.
 */
export function layTable(
  columns: readonly Column[],
  rows: readonly Line[],
  options: { readonly width: number; readonly titles?: boolean },
): readonly Line[] {
  const titles = options.titles ?? true;
  const natural = columns.map((column, at) => naturalWidth(column, rows, at, titles));
  const widths = shrink(columns, natural, options.width);
  const head: readonly Line[] = titles ? [columns.map(({ title }) => ({ text: title, tone: "quiet" as const }))] : [];
  return [...head, ...rows].map((row) => layRow(columns, row, widths, options.width));
}

function naturalWidth(column: Column, rows: readonly Line[], at: number, titles: boolean): number {
  const cells = rows.map((row) => displayWidth(cleanLine(row[at]?.text ?? "")));
  return Math.max(column.atLeast ?? 0, titles ? displayWidth(column.title) : 0, ...cells);
}

/** Width per column; undefined for one that is left out. */
function shrink(
  columns: readonly Column[],
  natural: readonly number[],
  width: number,
): readonly (number | undefined)[] {
  const widths: (number | undefined)[] = [...natural];
  for (;;) {
    const over = totalWidth(widths) - width;
    if (over <= 0) return widths;
    const cut = shrinkable(columns, widths, over);
    if (cut !== undefined) return cut;
    const victim = leastImportant(columns, widths);
    if (victim === undefined) return widths;
    widths[victim] = undefined;
  }
}

function totalWidth(widths: readonly (number | undefined)[]): number {
  const present = widths.filter((each) => each !== undefined);
  return present.reduce((sum, each) => sum + each, 0) + gap * Math.max(0, present.length - 1);
}

/** The widths with `over` taken from the columns that may shrink, widest first; undefined where that is not enough. */
function shrinkable(
  columns: readonly Column[],
  widths: readonly (number | undefined)[],
  over: number,
): (number | undefined)[] | undefined {
  const result = [...widths];
  const spare = (at: number): number => {
    const least = columns[at]?.shrinkTo;
    return least === undefined ? 0 : Math.max(0, (result[at] ?? 0) - least);
  };
  let left = over;
  while (left > 0) {
    const at = result.reduce<number>((best, _each, index) => (spare(index) > spare(best) ? index : best), 0);
    const room = spare(at);
    if (room === 0) return undefined;
    const others = Math.max(0, ...result.map((_each, index) => (index === at ? 0 : spare(index))));
    const taken = Math.min(left, Math.max(1, room - others));
    result[at] = (result[at] ?? 0) - taken;
    left -= taken;
  }
  return result;
}

function leastImportant(columns: readonly Column[], widths: readonly (number | undefined)[]): number | undefined {
  const present = columns.flatMap(({ rank }, at) => (widths[at] === undefined ? [] : [{ at, rank }]));
  if (present.length <= 1) return undefined;
  return present.reduce((lowest, each) => (each.rank < lowest.rank ? each : lowest)).at;
}

function layRow(columns: readonly Column[], row: Line, widths: readonly (number | undefined)[], width: number): Line {
  const shown = columns.flatMap((column, at): readonly Span[] => {
    const columnWidth = widths[at];
    if (columnWidth === undefined) return [];
    const cell = row[at] ?? { text: "" };
    return [{ ...cell, text: padText(cell.text, columnWidth, column.align) }];
  });
  const spaced = shown.flatMap((cell, at) => (at === 0 ? [cell] : [{ text: " ".repeat(gap) }, cell]));
  return fitLine(trimEnd(spaced), width);
}

/** No spaces at a line's end: they would be cut as if they were text. */
function trimEnd(spans: readonly Span[]): Line {
  const last = spans.at(-1);
  if (last === undefined) return spans;
  const text = last.text.trimEnd();
  return text === "" ? trimEnd(spans.slice(0, -1)) : [...spans.slice(0, -1), { ...last, text }];
}
