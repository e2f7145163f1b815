import type { Shape } from "./secretShapes.ts";

export interface Found {
  readonly what: string;
  /** In bytes, from the beginning of what was looked into. */
  readonly offset: number;
}

/** No pattern needs more to be sure. */
const longest = 512;
/** Of one kind in one file; the rest is no news. */
const mostOfOneKind = 5;
const wordCharacter = /[A-Za-z0-9_]/;

/** Where these shapes stand. What stands there is not told. */
export function findShapes(bytes: Buffer, shapes: readonly Shape[]): readonly Found[] {
  return shapes.flatMap(({ what, starts, pattern }) =>
    starts
      .flatMap((start) => offsetsOf(bytes, start, pattern))
      .slice(0, mostOfOneKind)
      .map((offset) => ({ what, offset })),
  );
}

function offsetsOf(bytes: Buffer, start: string, pattern: RegExp): readonly number[] {
  const found: number[] = [];
  const isWord = wordCharacter.test(start.charAt(0)) || start.startsWith("/");
  for (let at = bytes.indexOf(start); at !== -1; at = bytes.indexOf(start, at + 1)) {
    // In the middle of a word it is something else: `task-`, `/opt/tool/root/`, or a piece of some longer text.
    if (isWord && at > 0 && wordCharacter.test(String.fromCodePoint(bytes[at - 1] ?? 0))) continue;
    if (!pattern.test(bytes.toString("latin1", at, at + longest))) continue;
    found.push(at);
    if (found.length === mostOfOneKind) break;
  }
  return found;
}
