import { forecastRun, historyOf } from "@claude-orchestrator/domain";
import type { Forecast, JsonObject, LimitForecast, Plan, Spread } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { readPastRuns, tellDamaged } from "./readPastRuns.ts";
import type { PastRuns } from "./readPastRuns.ts";

/** What a run of the plan is expected to take, and what that is known from. */
export interface ForecastOfPlan {
  readonly forecast: Forecast;
  readonly runsFolder: string;
  /** How many runs of the plan's workspace are in it. */
  readonly runs: number;
  readonly damaged: readonly Pick<PastRuns["damaged"][number], "id" | "damaged">[];
}

/** `plan --forecast`; runs that cannot be read are told. @throws UserError file-not-readable */
export function forecastPlan(plan: Plan, runsDir: string | undefined, io: Io): ForecastOfPlan {
  const past = readPastRuns(oldRunsFolder(io, runsDir));
  tellDamaged(past, io);
  return {
    forecast: forecastRun(plan, historyOf(past.runs, plan.workspace)),
    runsFolder: past.folder,
    runs: past.runs.filter((run) => run.plan.workspace === plan.workspace && run.observations.length > 0).length,
    damaged: past.damaged,
  };
}

/** As JSON: durations in ms, money in US dollars, null where a price is not known. */
export function forecastJson({ forecast, runsFolder, runs, damaged }: ForecastOfPlan): JsonObject {
  return {
    runs,
    runs_folder: runsFolder,
    left_out: damaged.map(({ id, damaged: why }) => ({ run: id, why })),
    instances: forecast.instances.map(({ name, chance, basis, ...figures }) => ({
      name,
      ...figureFields(figures),
      chance,
      basis: basis.kind,
      basis_count: basis.kind === "prior" ? 0 : basis.count,
    })),
    run: figureFields(forecast),
    budgets: forecast.limits.map(limitFields),
  };
}

function figureFields({
  tokens,
  costUsd,
  durationMs,
}: Pick<Forecast, "tokens" | "costUsd" | "durationMs">): JsonObject {
  return { tokens: spreadFields(tokens), cost_usd: spreadFields(costUsd), duration_ms: spreadFields(durationMs) };
}

function spreadFields(spread: Spread | undefined): JsonObject | null {
  return spread === undefined ? null : { p50: spread.p50, p90: spread.p90 };
}

function limitFields({ limit, amount, over }: LimitForecast): JsonObject {
  return {
    scope: { ...limit.scope },
    unit: limit.unit,
    limit: limit.limit,
    enforcement: limit.enforcement,
    expected: spreadFields(amount),
    over: over ?? null,
  };
}
