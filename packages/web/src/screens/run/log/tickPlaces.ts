/** So many are told apart in a strip as high as the window. */
const mostTicks = 400;

export interface Tick {
  /** The first line that it stands for. */
  readonly line: number;
  /** Of the whole, from 0 to 1. */
  readonly place: number;
}

/** Where the found lines are in the whole output: those too near to each other are one. */
export function tickPlaces(lines: readonly number[], total: number): readonly Tick[] {
  const ticks = new Map<number, Tick>();
  for (const line of lines) {
    const place = (line - 0.5) / Math.max(1, total, line);
    const slot = Math.floor(place * mostTicks);
    if (!ticks.has(slot)) ticks.set(slot, { line, place });
  }
  return [...ticks.values()];
}
