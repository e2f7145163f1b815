import type { Sample } from "./metricFamily.ts";

/** How many values fell where, by one label. Bounds ascend; what is over all of them counts in `+Inf`. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #label: string;
  readonly #series = new Map<string, { readonly counts: number[]; sum: number }>();

  constructor(label: string, bounds: readonly number[]) {
    this.#label = label;
    this.#bounds = bounds;
  }

  observe(key: string, value: number): void {
    const series = this.#series.get(key) ?? { counts: Array<number>(this.#bounds.length + 1).fill(0), sum: 0 };
    this.#series.set(key, series);
    const at = this.#bounds.findIndex((bound) => value <= bound);
    const place = at === -1 ? this.#bounds.length : at;
    series.counts[place] = (series.counts[place] ?? 0) + 1;
    series.sum += value;
  }

  samples(): readonly Sample[] {
    return [...this.#series].flatMap(([key, { counts, sum }]) => {
      const labels = { [this.#label]: key };
      let below = 0;
      const buckets = counts.map((count, at): Sample => {
        below += count;
        return { suffix: "_bucket", labels: { ...labels, le: boundText(this.#bounds[at]) }, value: below };
      });
      return [...buckets, { suffix: "_sum", labels, value: sum }, { suffix: "_count", labels, value: below }];
    });
  }
}

/** As OpenMetrics writes it: a whole number with its point. */
function boundText(bound: number | undefined): string {
  if (bound === undefined) return "+Inf";
  return Number.isInteger(bound) ? bound.toFixed(1) : String(bound);
}
