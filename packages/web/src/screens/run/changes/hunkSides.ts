import type { LineTokens } from "./codeTokens.ts";
import type { DiffLine } from "./parseDiff.ts";

/** What a part of a file was, or is: read as one text, since a comment or a text may go over lines. */
export interface HunkSide {
  readonly text: string;
  /** The places, in the list of lines, of those whose tokens are taken from here; undefined where they are taken from the other side. */
  readonly indexes: readonly (number | undefined)[];
}

/** Both sides of each part of a file; only what is, where nothing was removed. */
export function hunkSides(lines: readonly DiffLine[]): readonly HunkSide[] {
  const sides: HunkSide[] = [];
  let hunk: (readonly [number, DiffLine])[] = [];
  const endHunk = (): void => {
    const has = (kind: DiffLine["kind"]): boolean => hunk.some(([, line]) => line.kind === kind);
    if (has("removed")) sides.push(sideOf(hunk, "removed"));
    if (has("added") || has("same")) sides.push(sideOf(hunk, "added"));
    hunk = [];
  };
  for (const entry of lines.entries()) {
    if (entry[1].kind === "hunk") endHunk();
    else hunk.push(entry);
  }
  endHunk();
  return sides;
}

/** Lines that are the same have their tokens from what is. */
function sideOf(hunk: readonly (readonly [number, DiffLine])[], own: "removed" | "added"): HunkSide {
  const shown = hunk.filter(([, { kind }]) => kind === own || kind === "same");
  return {
    text: shown.map(([, { text }]) => text).join("\n"),
    indexes: shown.map(([index, { kind }]) => (own === "removed" && kind === "same" ? undefined : index)),
  };
}

/** The tokens of each line by its place in the list. */
export function tokensByLine(
  sides: readonly HunkSide[],
  tokens: readonly (readonly LineTokens[])[],
): ReadonlyMap<number, LineTokens> {
  const found = new Map<number, LineTokens>();
  for (const [at, { indexes }] of sides.entries()) {
    for (const [line, index] of indexes.entries()) {
      const own = tokens[at]?.[line];
      if (index !== undefined && own !== undefined && own.length > 0) found.set(index, own);
    }
  }
  return found;
}
