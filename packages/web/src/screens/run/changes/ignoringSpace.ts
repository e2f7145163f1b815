import { alignSequences } from "./alignSequences.ts";
import type { DiffLine } from "./parseDiff.ts";

/** Of one place that changed; beyond it the lines stay as they are. */
const mostEdits = 600;

/** The lines without what only differs in its white space: such a line is the same, and a part without any other is left out. */
export function ignoringSpace(lines: readonly DiffLine[]): readonly DiffLine[] {
  const shown: DiffLine[] = [];
  let part: DiffLine[] = [];
  let isChanged = false;
  const endPart = (): void => {
    if (isChanged) shown.push(...part);
    part = [];
    isChanged = false;
  };
  for (let at = 0; at < lines.length;) {
    const block = blockFrom(lines, at);
    const [first] = block;
    if (first?.kind === "hunk") endPart();
    const kept = first !== undefined && isChange(first) ? withoutSpace(block) : block;
    if (kept.some(isChange)) isChanged = true;
    part.push(...kept);
    at += block.length;
  }
  endPart();
  return shown;
}

function isChange({ kind }: DiffLine): boolean {
  return kind === "added" || kind === "removed";
}

/** All that changed in one place, or one other line. */
function blockFrom(lines: readonly DiffLine[], from: number): readonly DiffLine[] {
  let to = from;
  for (let line = lines[to]; line !== undefined && isChange(line); line = lines[to]) to += 1;
  return lines.slice(from, Math.max(to, from + 1));
}

function withoutSpace(block: readonly DiffLine[]): readonly DiffLine[] {
  const removed = block.filter(({ kind }) => kind === "removed");
  const added = block.filter(({ kind }) => kind === "added");
  const bare = ({ text }: DiffLine): string => text.replaceAll(/\s+/g, "");
  const pairs = alignSequences(removed.map(bare), added.map(bare), mostEdits);
  if (pairs === undefined) return block;
  const shown: DiffLine[] = [];
  let [left, right] = [0, 0];
  for (const [before, after] of pairs) {
    shown.push(...removed.slice(left, before), ...added.slice(right, after));
    const line = added[after];
    if (line !== undefined) shown.push({ ...line, kind: "same", before: removed[before]?.before });
    [left, right] = [before + 1, after + 1];
  }
  return [...shown, ...removed.slice(left), ...added.slice(right)];
}
