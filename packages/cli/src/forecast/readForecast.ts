import type {
  Basis,
  BudgetLimit,
  Calibration,
  EstimateError,
  ForecastCheck,
  RunId,
  Spread,
} from "@claude-orchestrator/domain";
import type { ForecastOfPlan } from "./forecastPlan.ts";

/** As `forecastJson` writes it. */
export interface ForecastDocument {
  readonly runs: number;
  readonly runs_folder: string;
  readonly left_out: readonly LeftOut[];
  readonly instances: readonly (Figures & {
    readonly name: string;
    readonly chance: number;
    readonly basis: Basis["kind"];
    readonly basis_count: number;
  })[];
  readonly run: Figures;
  readonly budgets: readonly (BudgetLimit & { readonly expected: Spread | null; readonly over: number | null })[];
}

interface Figures {
  readonly tokens: Spread;
  readonly cost_usd: Spread | null;
  readonly duration_ms: Spread;
}

interface LeftOut {
  readonly run: RunId;
  readonly why: string;
}

/** A forecast that was made elsewhere, for the same views as one that was made here. */
export function readForecast(document: ForecastDocument): ForecastOfPlan {
  return {
    runs: document.runs,
    runsFolder: document.runs_folder,
    damaged: document.left_out.map(({ run, why }) => ({ id: run, damaged: why })),
    forecast: {
      ...figuresOf(document.run),
      instances: document.instances.map(({ name, chance, basis, basis_count: count, ...figures }) => ({
        ...figuresOf(figures),
        name,
        chance,
        basis: basis === "prior" ? { kind: basis } : { kind: basis, count },
      })),
      limits: document.budgets.map(({ expected, over, ...limit }) => ({
        limit,
        ...(expected === null ? {} : { amount: expected }),
        ...(over === null ? {} : { over }),
      })),
    },
  };
}

function figuresOf({ tokens, cost_usd: costUsd, duration_ms: durationMs }: Figures) {
  return { tokens, durationMs, ...(costUsd === null ? {} : { costUsd }) };
}

/** As `forecast check --json` prints it. */
export interface CheckDocument {
  readonly runs_folder: string;
  readonly runs: number;
  readonly left_out: readonly LeftOut[];
  readonly checked: readonly (Pick<ForecastCheck["checked"][number], "of" | "from"> & {
    readonly [Of in "tokens" | "cost_usd" | "duration_ms"]: {
      readonly count: number;
      readonly within_p50: number | null;
      readonly within_p90: number | null;
      readonly median_error: number | null;
    };
  })[];
  readonly prompt_estimates: readonly (Omit<EstimateError, "tooLow"> & { readonly too_low: number })[];
}

export interface ReadForecastCheck {
  readonly check: ForecastCheck;
  readonly prompts: readonly EstimateError[];
}

/** The same for `forecast check`. */
export function readForecastCheck({ runs, checked, prompt_estimates: estimates }: CheckDocument): ReadForecastCheck {
  return {
    check: {
      runs,
      checked: checked.map(({ of, from, tokens, cost_usd, duration_ms }) => ({
        of,
        from,
        tokens: calibrationOf(tokens),
        costUsd: calibrationOf(cost_usd),
        durationMs: calibrationOf(duration_ms),
      })),
    },
    prompts: estimates.map(({ too_low: tooLow, ...rest }) => ({ ...rest, tooLow })),
  };
}

function calibrationOf(document: CheckDocument["checked"][number]["tokens"]): Calibration {
  const { count, within_p50: withinP50, within_p90: withinP90, median_error: medianError } = document;
  return {
    count,
    withinP50: withinP50 ?? 0,
    withinP90: withinP90 ?? 0,
    ...(medianError === null ? {} : { medianError }),
  };
}
