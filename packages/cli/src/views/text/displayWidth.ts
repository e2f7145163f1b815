/** How many columns text takes on a terminal. Expects cleaned text: of control characters it knows nothing. */

/**
 * Text whose every character takes one column, without a look at graphemes: ASCII, Latin letters, dashes and quotes, frames and
 * blocks, the signs of the views. Combining marks and variation selectors are not among them, so no two belong together.
 */
const narrow = /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2500-\u25fc↻≥✓✗]*$/;
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;
const emoji =
  /^(?:\p{Emoji_Presentation}|\p{Regional_Indicator}|\p{Extended_Pictographic}\ufe0f|[0-9#*]\ufe0f?\u20e3)/u;
/** East Asian wide and full-width characters, by block. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;

/** Made on first use: Node reads its tables for 10 ms, and most text is narrow. */
const graphemes = once(() => new Intl.Segmenter("en", { granularity: "grapheme" }));

/** Columns of a text: 2 for wide characters and emoji, 0 for combining marks, 1 for the rest. */
export function displayWidth(text: string): number {
  if (narrow.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes().segment(text)) width += graphemeWidth(segment);
  return width;
}

/** The longest beginning of `text` that takes at most `columns`, with what is left. Never cuts through a character. */
export function splitAtWidth(text: string, columns: number): { readonly head: string; readonly tail: string } {
  if (narrow.test(text)) return { head: text.slice(0, Math.max(0, columns)), tail: text.slice(Math.max(0, columns)) };
  let width = 0;
  for (const { segment, index } of graphemes().segment(text)) {
    width += graphemeWidth(segment);
    if (width > columns) return { head: text.slice(0, index), tail: text.slice(index) };
  }
  return { head: text, tail: "" };
}

function graphemeWidth(segment: string): number {
  if (emoji.test(segment) || wide.test(segment)) return 2;
  return zeroWidth.test(segment) ? 0 : 1;
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
