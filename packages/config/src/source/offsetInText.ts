import type { SourceNode } from "./sourceNode.ts";

/**
 * Where a character of a text value stands in the file. Exact for what is written as it reads; where quotes, escapes or
 * folding lie between, the same words are looked for, and the beginning of the value is the answer of last resort.
 */
export function offsetInText(source: string, node: SourceNode, offset: number): number {
  if (node.kind !== "scalar" || typeof node.value !== "string") return node.start;
  const written = source.slice(node.start, node.end);
  const { value } = node;
  if (written.startsWith(value)) return node.start + offset;
  if (written.startsWith(value, 1)) return node.start + 1 + offset;
  // Backwards from the place, so that an error at the very end of the text is found too.
  const from = Math.max(0, Math.min(offset, value.length - 1));
  const line = plainRun(value, from);
  const before = countBefore(value, line.text, line.start);
  const found = nthIndex(written, line.text, before);
  return found === -1 ? node.start : node.start + found + (offset - line.start);
}

/** The longest piece around a character, up to 60 each way, that any way of writing leaves as it is. */
function plainRun(value: string, at: number): { readonly text: string; readonly start: number } {
  const isPlain = (index: number): boolean => /[^\s"'\\\p{C}]/u.test(value.charAt(index));
  let start = at;
  while (start > 0 && at - start < 60 && isPlain(start - 1)) start -= 1;
  let end = at;
  while (end < value.length && end - at < 60 && isPlain(end)) end += 1;
  return { text: value.slice(start, end), start };
}

function countBefore(text: string, piece: string, limit: number): number {
  if (piece === "") return 0;
  let total = 0;
  for (let at = text.indexOf(piece); at !== -1 && at < limit; at = text.indexOf(piece, at + 1)) total += 1;
  return total;
}

function nthIndex(text: string, piece: string, n: number): number {
  if (piece === "") return -1;
  let at = text.indexOf(piece);
  for (let skipped = 0; skipped < n && at !== -1; skipped += 1) at = text.indexOf(piece, at + 1);
  return at;
}
