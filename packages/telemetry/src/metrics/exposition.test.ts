import parse from "parse-prometheus-text-format";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { exposition, formatFor } from "./exposition.ts";
import { Histogram } from "./histogram.ts";
import type { MetricFamily } from "./metricFamily.ts";

const families: readonly MetricFamily[] = [
  { name: "a", type: "counter", help: "One\nand \\ two", samples: [{ labels: { model: 'x"y' }, value: 3 }] },
  { name: "b", type: "gauge", help: "Empty", samples: [] },
  { name: "c", type: "gauge", help: "Plain", samples: [{ labels: {}, value: Number.POSITIVE_INFINITY }] },
];

test("the text is as Prometheus has it, without families that have nothing to tell", () => {
  expect(exposition(families, "prometheus")).toBe(
    [
      String.raw`# HELP a_total One\nand \\ two`,
      "# TYPE a_total counter",
      String.raw`a_total{model="x\"y"} 3`,
      "# HELP c Plain",
      "# TYPE c gauge",
      "c +Inf",
      "",
    ].join("\n"),
  );
});

test("OpenMetrics names a counter without its ending, and says where the text ends", () => {
  const text = exposition(families, "openmetrics");
  expect(text).toContain(`# TYPE a counter\na_total{`);
  expect(text.endsWith("c +Inf\n# EOF\n")).toBe(true);
  expect([formatFor("application/openmetrics-text; version=1.0.0,text/plain;q=0.5"), formatFor("*/*")]).toEqual([
    "openmetrics",
    "prometheus",
  ]);
});

test("any label comes back as it was, through a reader that is not ours", () => {
  const label = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(fc.uniqueArray(label, { minLength: 1, maxLength: 5 }), (values) => {
      const samples = values.map((value, at) => ({ labels: { model: value }, value: at + 1 }));
      const [read] = parse(exposition([{ name: "t", type: "counter", help: "Help", samples }], "prometheus"));
      expect(read?.metrics.map(({ labels }) => labels?.["model"])).toEqual(values);
    }),
  );
});

test("a histogram counts each value in every bucket that is wide enough, and all in the last", () => {
  const histogram = new Histogram("model", [0.5, 1, 10]);
  for (const value of [0.1, 0.5, 0.7, 10, 99]) histogram.observe("m", value);
  const text = exposition([{ name: "h", type: "histogram", help: "H", samples: histogram.samples() }], "prometheus");
  const [read] = parse(text);
  expect(read).toMatchObject({
    type: "HISTOGRAM",
    metrics: [{ buckets: { "0.5": "2", "1.0": "3", "10.0": "4", "+Inf": "5" } }],
  });
  expect(text.endsWith('h_sum{model="m"} 110.3\nh_count{model="m"} 5\n')).toBe(true);
});
