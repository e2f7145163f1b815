import type { MetricFamily, Sample } from "./metricFamily.ts";

/** The two text formats that Prometheus asks for. */
export type ExpositionFormat = "prometheus" | "openmetrics";

export const contentTypes: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** What whoever asks understands best, by the header `accept`. */
export function formatFor(accept: string | undefined): ExpositionFormat {
  return accept?.includes("application/openmetrics-text") === true ? "openmetrics" : "prometheus";
}

/** A family without a series is left out. */
export function exposition(families: readonly MetricFamily[], format: ExpositionFormat): string {
  const blocks = families.filter(({ samples }) => samples.length > 0).map((family) => block(family, format));
  return `${blocks.join("")}${format === "openmetrics" ? "# EOF\n" : ""}`;
}

function block({ name, type, help, samples }: MetricFamily, format: ExpositionFormat): string {
  const total = type === "counter" ? "_total" : "";
  const head = format === "openmetrics" ? name : `${name}${total}`;
  const lines = samples.map(
    (sample) => `${name}${sample.suffix ?? total}${labelsText(sample)} ${numberText(sample.value)}\n`,
  );
  return `# HELP ${head} ${escaped(help)}\n# TYPE ${head} ${type}\n${lines.join("")}`;
}

function labelsText({ labels }: Sample): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(value).replaceAll('"', String.raw`\"`)}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll("\\", String.raw`\\`)
    .replaceAll("\n", String.raw`\n`);
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "+Inf" : "-Inf";
}
