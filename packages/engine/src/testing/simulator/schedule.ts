import type { AgentEvent, InstancePlan, Need, Plan } from "@claude-orchestrator/domain";
import type { Script } from "../simulatedProcesses.ts";
import { planOf } from "../simulation.ts";
import type { Chance } from "./chance.ts";

/** A plan of up to eight instances; each may need earlier ones only. */
export function anyPlan(chance: Chance): Plan {
  const count = 1 + chance.below(8);
  const instances = Array.from({ length: count }, (_, index) => anyInstance(chance, index));
  const limit = {
    scope: { kind: "run" },
    unit: "tokens",
    limit: 1 + chance.below(6000),
    enforcement: "block",
  } as const;
  return planOf(instances, {
    concurrency: 1 + chance.below(4),
    startupDelayMs: chance.pick([0, 0, 50]),
    limits: chance.holds(0.3) ? [limit] : [],
  });
}

function anyInstance(chance: Chance, index: number): Partial<InstancePlan> {
  const whens: readonly [Need["when"], ...Need["when"][]] = ["success", "success", "failure", "always"];
  const needs = Array.from({ length: index === 0 ? 0 : chance.below(3) }, () => ({
    instance: `i${chance.below(index)}`,
    when: chance.pick(whens),
  }));
  return {
    name: `i${index}`,
    needs,
    priority: chance.below(3),
    continueOnFailure: chance.holds(0.2),
    retry: { attempts: 1 + chance.below(3), delayMs: 100, backoff: 2, maxDelayMs: 1000, on: ["rate_limit", "crash"] },
    ...(chance.holds(0.3) ? { expected: { tokens: chance.below(3000) } } : {}),
    ...(chance.holds(0.2) ? { timeoutMs: 1 + chance.below(3000) } : {}),
  };
}

/** What an agent does: says who it is, spends, ends one way or another. */
export function anyScript(chance: Chance, { start, mayHang }: { start: number; mayHang: boolean }): Script {
  const takesMs = chance.below(3000);
  const hangsMs = mayHang && chance.holds(0.5) ? 1e9 : 0;
  const said: { readonly afterMs: number; readonly event: AgentEvent }[] = [];
  if (chance.holds(0.7)) said.push({ afterMs: 1, event: { type: "session", sessionId: `session-${start}` } });
  for (let call = 0; call < chance.below(5); call += 1) {
    said.push({ afterMs: chance.below(takesMs + 1), event: spends(`call ${call}`, 1 + chance.below(900)) });
  }
  const last = anyEnd(chance);
  return {
    lines: last.event === undefined ? said : [...said, { afterMs: takesMs, event: last.event }],
    exitAfterMs: takesMs + chance.below(20) + hangsMs,
    exit: last.exit,
    heeds: chance.pick(["SIGINT", "SIGINT", "SIGTERM", "SIGKILL"]),
  };
}

function spends(key: string, input: number): AgentEvent {
  const usage = { input, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 };
  return { type: "usage", key, model: "m", usage };
}

function anyEnd(chance: Chance): { readonly event?: AgentEvent; readonly exit: Script["exit"] } {
  const roll = chance.next();
  if (roll < 0.6) return { event: { type: "finished", ok: true, result: "done" }, exit: { code: 0 } };
  if (roll < 0.75) return { event: failed("rate_limit"), exit: { code: 1 } };
  if (roll < 0.85) return { event: failed("invalid_request"), exit: { code: 1 } };
  if (roll < 0.9) return { exit: { signal: "SIGSEGV" } };
  return roll < 0.95 ? { exit: { code: 0 } } : { exit: { spawnError: "ENOENT" } };
}

function failed(kind: "rate_limit" | "invalid_request"): AgentEvent {
  return { type: "finished", ok: false, failure: { kind, message: `it was ${kind}` } };
}
