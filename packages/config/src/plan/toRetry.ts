import type { RetryCause, RetryPolicy } from "@claude-orchestrator/domain";
import { fieldPath, type Draft } from "../expand/draft.ts";
import type { PlanContext } from "./context.ts";
import { toMilliseconds } from "./durations.ts";

const defaultCauses: readonly RetryCause[] = ["rate_limit", "overload", "connection", "crash"];

/** One attempt unless the file says otherwise; 5 s, then twice as long each time, up to 5 minutes. */
export function toRetry(draft: Draft, { reporter }: PlanContext): RetryPolicy {
  const given = draft.fields.retry;
  const policy: RetryPolicy = { attempts: 1, delayMs: 5_000, backoff: 2, maxDelayMs: 300_000, on: defaultCauses };
  if (given === undefined) return policy;
  if (typeof given === "number") return { ...policy, attempts: given };
  const path = fieldPath(draft, "retry", reporter);
  const { attempts, delay, backoff, max_delay: maxDelay, on } = given;
  const delayMs =
    delay === undefined || delay === null
      ? policy.delayMs
      : toMilliseconds(delay, [...path, "delay"], reporter, "from-zero");
  const maxDelayMs =
    maxDelay === undefined || maxDelay === null
      ? Math.max(policy.maxDelayMs, delayMs)
      : toMilliseconds(maxDelay, [...path, "max_delay"], reporter, "from-zero");
  return {
    attempts: attempts ?? 3,
    delayMs,
    backoff: backoff ?? policy.backoff,
    maxDelayMs,
    on: on === undefined || on === null ? defaultCauses : Array.isArray(on) ? [...new Set(on)] : [on],
  };
}
