import { UserError, checkForecasts, estimateErrors } from "@claude-orchestrator/domain";
import type { Calibration, EstimateError, ForecastCheck, JsonObject } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { forecastCheckLines } from "../views/forecastCheckLines.ts";
import { line } from "../views/text/line.ts";
import { readPastRuns, tellDamaged } from "./readPastRuns.ts";
import type { PastRuns } from "./readPastRuns.ts";
import type { ReadForecastCheck } from "./readForecast.ts";

const defaultRuns = 100;

export interface CheckFlags {
  readonly json: boolean;
  readonly runs: number | undefined;
  readonly "runs-dir": string | undefined;
}

/** `forecast check`: how right forecasts would have been. @throws UserError usage, file-not-readable */
export function checkHistory(flags: CheckFlags, io: Io): Promise<number> {
  const most = wholeRuns(flags.runs);
  const past = readPastRuns(oldRunsFolder(io, flags["runs-dir"]));
  tellDamaged(past, io);
  // Fewer runs are made up for each than in a plan: the p90 is off by a few in a hundred, and many are forecast.
  const check = checkForecasts(past.runs, { most, draws: 400 });
  const prompts = estimateErrors(past.prompts);
  if (flags.json) io.out.json(checkJson(check, prompts, past));
  else tellCheck({ check, prompts, folder: past.folder }, io);
  return Promise.resolve(0);
}

/** What `forecast check` says, wherever the runs are. */
export function tellCheck({ check, prompts, folder }: ReadForecastCheck & { readonly folder: string }, io: Io): void {
  if (check.runs > 0 || prompts.length > 0) io.out.lines(forecastCheckLines(check, prompts, io.out.columns));
  else {
    io.talk.lines([
      line(`No run in ${folder} went to its end by itself yet: there is nothing to hold a forecast against`),
      line(`Start one with \`${programName} run FILE\``, "quiet"),
    ]);
  }
}

/** @throws UserError usage */
export function wholeRuns(runs = defaultRuns): number {
  if (Number.isInteger(runs) && runs >= 1) return runs;
  throw new UserError("usage", `\`--runs\` needs a whole number of 1 or more, not \`${runs}\``, {
    hint: `without it, the newest ${defaultRuns} runs are forecast again`,
  });
}

function checkJson(check: ForecastCheck, prompts: readonly EstimateError[], past: PastRuns): JsonObject {
  return {
    runs_folder: past.folder,
    runs: check.runs,
    left_out: past.damaged.map(({ id, damaged }) => ({ run: id, why: damaged })),
    checked: check.checked.map(({ of, from, tokens, costUsd, durationMs }) => ({
      of,
      from,
      tokens: calibrationFields(tokens),
      cost_usd: calibrationFields(costUsd),
      duration_ms: calibrationFields(durationMs),
    })),
    prompt_estimates: prompts.map(({ tooLow, ...rest }) => ({ ...rest, too_low: tooLow })),
  };
}

function calibrationFields({ count, withinP50, withinP90, medianError }: Calibration): JsonObject {
  const isEmpty = count === 0;
  return {
    count,
    within_p50: isEmpty ? null : withinP50,
    within_p90: isEmpty ? null : withinP90,
    median_error: medianError ?? null,
  };
}
