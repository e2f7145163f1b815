/** Of a row, in CSS pixels; the same in LogLines.module.css. */
export const rowHeight = 20;
/** No browser scrolls much further than this, so that a longer log is scrolled faster than its rows are high. */
const mostPixels = 12_000_000;
/** Rows beside those in sight, so that scrolling shows no gap. */
const beside = 20;

export interface LogWindow {
  /** Of the whole, in pixels. */
  readonly height: number;
  /** The first and the last line that are in the document, from 1; `to` below `from` where there is none. */
  readonly from: number;
  readonly to: number;
  /** Where the first of them stands, in pixels. */
  readonly offset: number;
  /** Where to scroll so that this line is in the middle. */
  readonly topOf: (line: number) => number;
}

/** Which of `total` lines are seen, scrolled so far in a box so high (pixels). */
export function windowOf(total: number, { top, height }: { readonly top: number; readonly height: number }): LogWindow {
  const natural = total * rowHeight;
  const whole = Math.min(natural, mostPixels);
  const most = Math.max(1, whole - height);
  const faster = natural <= whole ? 1 : (natural - height) / most;
  const at = Math.min(Math.max(0, top), most) * faster;
  const first = Math.floor(at / rowHeight);
  const from = Math.max(1, first + 1 - beside);
  const to = Math.min(total, first + 1 + Math.ceil(height / rowHeight) + beside);
  return {
    height: whole,
    from,
    to,
    offset: top - at + (from - 1) * rowHeight,
    topOf: (line) => Math.max(0, ((line - 1) * rowHeight - height / 2) / faster),
  };
}
