import type { Forecast, ForecastOptions } from "./forecastRun.ts";
import { forecastRun } from "./forecastRun.ts";
import type { PastRun } from "./observation.ts";
import { historyOf } from "./observation.ts";
import type { Spread } from "./priors.ts";

/** How forecasts of one figure compared with what came. */
export interface Calibration {
  /** How many were compared. */
  readonly count: number;
  /** The share of them that came to no more than their p50: one half, were the forecasts right. */
  readonly withinP50: number;
  /** The share that came to no more than their p90: nine tenths. */
  readonly withinP90: number;
  /** Of the distances between p50 and truth, as shares of the truth, the one in the middle; absent where all came to nothing. */
  readonly medianError?: number;
}

export interface CheckedForecasts {
  readonly of: "run" | "instance";
  /** history: all of it rests on earlier runs here. prior: some of it on what is assumed of work that had not run here. */
  readonly from: "history" | "prior";
  readonly tokens: Calibration;
  readonly costUsd: Calibration;
  readonly durationMs: Calibration;
}

export interface ForecastCheck {
  /** How many runs were forecast again. */
  readonly runs: number;
  readonly checked: readonly CheckedForecasts[];
}

/**
 * Forecasts each of the newest `most` runs anew, only from what was known before it began, and holds it against what it came to.
 * Runs that did not go to their end by themselves are left out.
 */
export function checkForecasts(
  runs: readonly PastRun[],
  { most = Infinity, ...options }: ForecastOptions & { readonly most?: number } = {},
): ForecastCheck {
  const whole = runs.filter(({ came }) => came !== undefined).toSorted((a, b) => b.createdAt - a.createdAt);
  const chosen = whole.slice(0, most);
  const comparisons = chosen.flatMap((run) => {
    const history = historyOf(runs, run.plan.workspace, run.createdAt);
    return compare(run, forecastRun({ ...run.plan, limits: [] }, history, options));
  });
  return { runs: chosen.length, checked: kinds.flatMap((kind) => summarize(kind, comparisons)) };
}

const kinds = [
  { of: "run", from: "history" },
  { of: "run", from: "prior" },
  { of: "instance", from: "history" },
  { of: "instance", from: "prior" },
] as const;

type Figure = "tokens" | "costUsd" | "durationMs";

interface Comparison extends Pick<CheckedForecasts, "of" | "from"> {
  readonly expected: Readonly<Partial<Record<Figure, Spread>>>;
  readonly came: Readonly<Partial<Record<Figure, number>>>;
}

function compare(run: PastRun, forecast: Forecast): readonly Comparison[] {
  const isAssumed = forecast.instances.some(({ basis }) => basis.kind === "prior");
  const observed = new Map(run.observations.map((each) => [each.name, each] as const));
  const instances = forecast.instances.flatMap((expected): readonly Comparison[] => {
    const came = observed.get(expected.name);
    return came === undefined
      ? []
      : [{ of: "instance", from: expected.basis.kind === "prior" ? "prior" : "history", expected, came }];
  });
  return [{ of: "run", from: isAssumed ? "prior" : "history", expected: forecast, came: run.came ?? {} }, ...instances];
}

function summarize(
  { of, from }: Pick<CheckedForecasts, "of" | "from">,
  comparisons: readonly Comparison[],
): readonly CheckedForecasts[] {
  const these = comparisons.filter((each) => each.of === of && each.from === from);
  if (these.length === 0) return [];
  const figure = (name: Figure): Calibration =>
    calibrate(
      these.flatMap(({ expected: { [name]: expected }, came: { [name]: came } }) =>
        expected === undefined || came === undefined ? [] : [{ expected, came }],
      ),
    );
  return [{ of, from, tokens: figure("tokens"), costUsd: figure("costUsd"), durationMs: figure("durationMs") }];
}

function calibrate(pairs: readonly { readonly expected: Spread; readonly came: number }[]): Calibration {
  const share = (quantile: keyof Spread): number =>
    pairs.length === 0 ? 0 : pairs.filter(({ expected, came }) => came <= expected[quantile]).length / pairs.length;
  const errors = pairs.filter(({ came }) => came > 0).map(({ expected, came }) => Math.abs(expected.p50 - came) / came);
  const middle = medianOf(errors);
  return {
    count: pairs.length,
    withinP50: share("p50"),
    withinP90: share("p90"),
    ...(middle === undefined ? {} : { medianError: middle }),
  };
}

/** Undefined of none. */
export function medianOf(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
