import { verdicts } from "@claude-orchestrator/domain";
import type { RunId, TokenUsage } from "@claude-orchestrator/domain";
import * as z from "zod";
import { resultSchemaVersion } from "../reports/resultDocument.ts";
import { modelUses } from "./runUse.ts";
import type { AttemptUse, RunUse } from "./runUse.ts";

const count = z.int().min(0);
const dollars = z.union([z.number().min(0).max(1e12), z.null()]);
const date = z.iso.datetime();
const tokens = z.object({
  input: count,
  output: count,
  cache_read: count,
  cache_write_5m: count,
  cache_write_1h: count,
  reasoning: count,
});

const attempt = z.object({
  agent: z.string(),
  status: z.enum([...verdicts, "unsettled"]),
  ended_at: z.union([date, z.null()]),
  tokens,
  cost_usd: dollars,
  totals_are_final: z.boolean(),
  models: z.array(z.object({ model: z.string(), tokens, cost_usd: dollars })),
  requests: z.union([z.object({}), z.null()]),
});

const result = z.object({
  schema_version: z.literal(resultSchemaVersion),
  run: z.string(),
  name: z.string(),
  demo: z.union([z.string(), z.null()]),
  ended_at: date,
  instances: z.array(
    z.object({ name: z.string(), command: z.union([z.string(), z.null()]), attempts: z.array(attempt) }),
  ),
});

/**
 * What a run used, from the text of its `result.json`; undefined where that is not whole, not of this run's last end (it was
 * taken up again since), or from a program that told less: then only the log knows.
 *
 * @param settledAt the last end of the run, ms since 1970, as its log tells
 */
export function readResult(text: string, run: { readonly id: RunId; readonly settledAt: number }): RunUse | undefined {
  const { success, data } = result.safeParse(parse(text));
  if (!success || data.run !== run.id || Date.parse(data.ended_at) !== run.settledAt) return undefined;
  const attempts = data.instances.flatMap(({ name, command, attempts: made }) => {
    return made.map((each) =>
      attemptUse({ instance: name, ...(command === null ? {} : { command }) }, each, run.settledAt),
    );
  });
  const whole = attempts.filter((each) => each !== undefined);
  if (whole.length < attempts.length) return undefined;
  return { id: run.id, name: data.name, isDemo: data.demo !== null, attempts: whole };
}

function attemptUse(
  whose: Pick<AttemptUse, "instance" | "command">,
  told: z.infer<typeof attempt>,
  settledAt: number,
): AttemptUse | undefined {
  const hasEnded = told.status !== "unsettled";
  if (hasEnded !== (told.ended_at !== null)) return undefined;
  const spent = { usage: usageOf(told.tokens), ...costOf(told.cost_usd) };
  const byModel = told.models.map((each) => {
    return [each.model, { usage: usageOf(each.tokens), ...costOf(each.cost_usd) }] as const;
  });
  return {
    ...whose,
    agent: told.agent,
    at: told.ended_at === null ? settledAt : Date.parse(told.ended_at),
    ...(told.status === "unsettled" ? {} : { verdict: told.status }),
    models: modelUses(spent, byModel),
    isFinal: told.totals_are_final,
    throughGateway: told.requests !== null,
  };
}

function usageOf(told: z.infer<typeof tokens>): TokenUsage {
  return {
    input: told.input,
    output: told.output,
    cacheRead: told.cache_read,
    cacheWrite5m: told.cache_write_5m,
    cacheWrite1h: told.cache_write_1h,
    reasoning: told.reasoning,
  };
}

function costOf(told: number | null): { readonly costUsd?: number } {
  return told === null ? {} : { costUsd: told };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
