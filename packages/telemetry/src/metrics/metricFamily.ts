/** One metric with all its series, as Prometheus reads it. */
export interface MetricFamily {
  /** Without the `_total` of a counter. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** What a histogram's series add to the name; the `_total` of a counter is added by whoever writes it. */
  readonly suffix?: "_bucket" | "_sum" | "_count";
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
