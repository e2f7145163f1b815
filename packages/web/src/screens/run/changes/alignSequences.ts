/** Where the same stands in both, by place: `[in the first, in the second]`, each larger than the one before. */
export type Alignment = readonly (readonly [number, number])[];

/**
 * The longest common order of two lists, found by Myers' algorithm; undefined where they differ in more than `mostEdits` places, which
 * bounds its time and memory by `mostEdits` squared.
 */
export function alignSequences(
  before: readonly string[],
  after: readonly string[],
  mostEdits: number,
): Alignment | undefined {
  const start = sameAtStart(before, after);
  const end = sameAtEnd(before, after, start);
  const middle = alignMiddle(
    before.slice(start, before.length - end),
    after.slice(start, after.length - end),
    mostEdits,
  );
  if (middle === undefined) return undefined;
  return [
    ...Array.from({ length: start }, (_each, at) => [at, at] as const),
    ...middle.map(([x, y]) => [x + start, y + start] as const),
    ...Array.from({ length: end }, (_each, at) => [before.length - end + at, after.length - end + at] as const),
  ];
}

function sameAtStart(before: readonly string[], after: readonly string[]): number {
  let at = 0;
  while (at < before.length && at < after.length && before[at] === after[at]) at += 1;
  return at;
}

function sameAtEnd(before: readonly string[], after: readonly string[], start: number): number {
  let at = 0;
  const most = Math.min(before.length, after.length) - start;
  while (at < most && before[before.length - 1 - at] === after[after.length - 1 - at]) at += 1;
  return at;
}

/** How far down each diagonal so many edits come; kept for each number of edits, to go back by. */
type Reach = ReadonlyMap<number, number>;

function alignMiddle(before: readonly string[], after: readonly string[], mostEdits: number): Alignment | undefined {
  const history: Reach[] = [];
  let reach = new Map<number, number>([[1, 0]]);
  const limit = Math.min(mostEdits, before.length + after.length);
  for (let edits = 0; edits <= limit; edits += 1) {
    history.push(reach);
    reach = new Map(reach);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = firstOn(reach, diagonal, edits);
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      reach.set(diagonal, x);
      const isAtEnd = diagonal === before.length - after.length && x >= before.length;
      if (isAtEnd) return goBack(history, before.length, after.length);
    }
  }
  return undefined;
}

/** Where a diagonal is come to from its neighbours: by one more of the second, or one less of the first. */
function firstOn(reach: Reach, diagonal: number, edits: number): number {
  const below = reach.get(diagonal - 1) ?? -1;
  const above = reach.get(diagonal + 1) ?? -1;
  return diagonal === -edits || (diagonal !== edits && below < above) ? above : below + 1;
}

function goBack(history: readonly Reach[], beforeLength: number, afterLength: number): Alignment {
  const pairs: [number, number][] = [];
  let x = beforeLength;
  let y = afterLength;
  for (let edits = history.length - 1; edits >= 0; edits -= 1) {
    const reach = history[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const first = Math.max(0, firstOn(reach, diagonal, edits));
    while (x > first && y > first - diagonal) {
      x -= 1;
      y -= 1;
      pairs.push([x, y]);
    }
    if (edits === 0) break;
    const below = reach.get(diagonal - 1) ?? -1;
    const above = reach.get(diagonal + 1) ?? -1;
    if (diagonal === -edits || (diagonal !== edits && below < above)) y -= 1;
    else x -= 1;
  }
  return pairs.toReversed();
}
