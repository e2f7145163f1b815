/** Turns that are looked at: the first three of them are compared with the last three. */
const turns = 12;

/** Turns cheaper than this (US dollars) may grow as they like. */
const leastUsd = 0.02;

/** How much dearer a turn has become over the last turns. Constant memory. */
export class ContextGrowth {
  #costs: readonly number[] = [];

  /**
   * Gives by how many times the middle of the last three turns is dearer than that of the first three of the last twelve;
   * undefined while there are fewer, and for turns that cost next to nothing.
   */
  turn(costUsd: number): number | undefined {
    this.#costs = [...this.#costs, costUsd].slice(-turns);
    if (this.#costs.length < turns) return undefined;
    const [before, now] = [middle(this.#costs.slice(0, 3)), middle(this.#costs.slice(-3))];
    return now < leastUsd ? undefined : now / Math.max(before, leastUsd / turns);
  }
}

function middle(costs: readonly number[]): number {
  return costs.toSorted((a, b) => a - b)[1] ?? 0;
}
