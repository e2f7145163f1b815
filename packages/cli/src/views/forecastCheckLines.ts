import type { Calibration, CheckedForecasts, EstimateError, ForecastCheck } from "@claude-orchestrator/domain";
import { percent } from "./forecastLines.ts";
import type { Line } from "./text/line.ts";
import { line, span, wrapText } from "./text/line.ts";
import { layTable } from "./text/table.ts";
import { counted } from "./words.ts";

const columns = [
  { title: "", rank: 9, shrinkTo: 10 },
  { title: "of", rank: 8 },
  { title: "forecasts", rank: 4, align: "right" },
  { title: "within p50", rank: 6, align: "right" },
  { title: "within p90", rank: 7, align: "right" },
  { title: "middle error", rank: 5, align: "right" },
] as const;

const promptColumns = [
  { title: "", rank: 9, shrinkTo: 10 },
  { title: "requests", rank: 5, align: "right" },
  { title: "middle", rank: 8, align: "right" },
  { title: "least", rank: 6, align: "right" },
  { title: "most", rank: 6, align: "right" },
  { title: "too low", rank: 7, align: "right" },
] as const;

/** How right forecasts of past runs would have been, and the gateway's estimates of prompts. */
export function forecastCheckLines(
  check: ForecastCheck,
  prompts: readonly EstimateError[],
  width: number,
): readonly Line[] {
  return [...checkedLines(check, width), ...promptLines(prompts, width)];
}

function checkedLines({ runs, checked }: ForecastCheck, width: number): readonly Line[] {
  if (runs === 0) return [];
  const head = `${counted(runs, "run")} forecast anew, each only from what was known before it began`;
  const right =
    "Right forecasts have 50 % of the truth within p50 and 90 % within p90; the middle error is that of p50";
  return [
    ...wrapText(head, width).map((each) => line(each)),
    ...layTable(columns, checked.flatMap(rowsOf), { width }),
    ...wrapText(right, width).map((each) => line(each, "quiet")),
  ];
}

const words: Readonly<Record<CheckedForecasts["of"], Readonly<Record<CheckedForecasts["from"], string>>>> = {
  run: { history: "runs", prior: "runs, in part assumed" },
  instance: { history: "instances", prior: "instances, assumed" },
};

function rowsOf({ of, from, tokens, costUsd, durationMs }: CheckedForecasts): readonly Line[] {
  const row = (first: string, figure: string, calibration: Calibration): Line => [
    span(first, "strong"),
    span(figure),
    ...cells(calibration),
  ];
  return [row(words[of][from], "tokens", tokens), row("", "dollars", costUsd), row("", "time", durationMs)];
}

function cells({ count, withinP50, withinP90, medianError }: Calibration): Line {
  if (count === 0) return [span("0"), span("-"), span("-"), span("-")];
  return [
    span(String(count)),
    span(percent(withinP50)),
    span(percent(withinP90)),
    span(medianError === undefined ? "-" : percent(medianError)),
  ];
}

function promptLines(prompts: readonly EstimateError[], width: number): readonly Line[] {
  if (prompts.length === 0) return [];
  const times = (factor: number): string => `${factor.toFixed(2)}x`;
  const rows = prompts.map(({ model, count, median, least, most, tooLow }): Line => [
    span(model, "strong"),
    span(String(count)),
    span(times(median)),
    span(times(least)),
    span(times(most)),
    span(percent(tooLow), tooLow > 0 ? "warn" : undefined),
  ]);
  return [
    line(""),
    ...wrapText("Prompts as the gateway took them to be before they were sent, as multiples of the truth", width).map(
      (each) => line(each),
    ),
    ...layTable(promptColumns, rows, { width }),
  ];
}
