/** Lines that are meant, first and last included, from 1. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** "17", "10-20", "L10-L20", "#L10-L20"; undefined where no line is named. */
export function readLineRange(text: string): LineRange | undefined {
  const [, first, last] = /^#?L?(\d{1,15})(?:-L?(\d{1,15}))?$/.exec(text.trim()) ?? [];
  if (first === undefined) return undefined;
  const [one, other] = [Number(first), Number(last ?? first)];
  const from = Math.min(one, other);
  return from < 1 ? undefined : { from, to: Math.max(one, other) };
}

/** As the address has it; "" for none. */
export function lineRangeText(range: LineRange | undefined): string {
  if (range === undefined) return "";
  return range.from === range.to ? String(range.from) : `${range.from}-${range.to}`;
}

/** From the lines that are meant to another one: what a click with Shift does. */
export function stretchedTo(range: LineRange | undefined, line: number): LineRange {
  if (range === undefined) return { from: line, to: line };
  return { from: Math.min(range.from, line), to: line < range.from ? range.to : line };
}
