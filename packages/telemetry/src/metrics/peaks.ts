import type { Sample } from "./metricFamily.ts";

/** Values that are told anew each time and never go back: each series stays at the most it has been. */
export class Peaks {
  readonly #series = new Map<string, { readonly labels: Sample["labels"]; peak: number }>();

  reach(labels: Sample["labels"], value: number): void {
    const key = JSON.stringify(labels);
    const series = this.#series.get(key);
    if (series === undefined) this.#series.set(key, { labels, peak: value });
    else series.peak = Math.max(series.peak, value);
  }

  samples(): readonly Sample[] {
    return [...this.#series.values()].map(({ labels, peak }) => ({ labels, value: peak }));
  }
}
