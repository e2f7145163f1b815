import { failedWork, savedByCache, totalSpending, totalTokens } from "@claude-orchestrator/domain";
import type {
  AttemptState,
  InstancePlan,
  InstanceState,
  JsonObject,
  JsonValue,
  RunState,
  Spending,
  TokenUsage,
} from "@claude-orchestrator/domain";
import { budgetPathOf } from "../views/budgetPath.ts";
import type { BudgetUse } from "../views/budgetUse.ts";
import { elapsedOf, modelOf, toolsOf } from "../views/words.ts";

/** Grows when a reader of the old shape would be misled; new fields alone do not change it. */
export const resultSchemaVersion = 1;

/**
 * The run as one JSON document, the shape of `resultSchema`: written into the run's folder at its end, and printed by
 * `show --json`. A pure fold of the log; times are ISO dates in UTC, durations ms, money US dollars or null where unknown.
 */
export function resultDocument(state: RunState, uses: readonly BudgetUse[]): JsonObject {
  const { phase } = state;
  const settled = phase.status === "settled" ? phase : undefined;
  const spent = totalSpending(state);
  return {
    schema_version: resultSchemaVersion,
    run: state.id,
    name: state.plan.name,
    source: state.source ?? null,
    program_version: state.version,
    workspace: state.plan.workspace,
    directory: state.directory,
    demo: state.demo ?? null,
    replay: state.replay ?? null,
    status: settled === undefined ? "unsettled" : settled.outcome,
    exit_code: settled?.exitCode ?? null,
    created_at: isoDate(state.createdAt),
    ended_at: settled === undefined ? null : isoDate(settled.at),
    duration_ms: settled?.durationMs ?? null,
    machine: { ...state.machine },
    ...spendingFields(spent),
    models: modelFields(spent),
    failed_work: failedFields(state),
    tools: sumTools(state),
    budgets: uses.map(budgetFields),
    usage_windows: Object.values(state.usageWindows).map((seen) => ({
      agent: seen.agent,
      window: seen.window,
      status: seen.status,
      resets_at: seen.resetsAt === undefined ? null : isoDate(seen.resetsAt),
      utilization: seen.utilization ?? null,
    })),
    notices: [...state.plan.notices],
    wishes: (state.wishes ?? []).map(({ at, what, instance, by }) => ({
      at: isoDate(at),
      what,
      instance: instance ?? null,
      by: { ...by },
    })),
    instances: state.plan.instances.flatMap((plan) => {
      const instance = state.instances.get(plan.name);
      return instance === undefined ? [] : [instanceFields(instance, plan)];
    }),
  };
}

function instanceFields(instance: InstanceState, plan: InstancePlan): JsonObject {
  return {
    name: instance.name,
    group: plan.group,
    command: plan.commandKey ?? null,
    description: plan.description ?? null,
    agent: plan.agent,
    model: modelOf(instance, plan.model) || null,
    ...verdictFields(instance),
    needs: plan.needs.map((need) => need.instance),
    duration_ms: durationOf(instance),
    ...answerFields(instance.attempts.findLast(({ end }) => end !== undefined)?.end),
    ...spendingFields(instance.spent),
    budget_path: budgetPathOf(instance) ?? null,
    tools: { ...toolsOf(instance) },
    attempts: instance.attempts.map(attemptFields),
  };
}

function verdictFields({ phase }: InstanceState): JsonObject {
  if (phase.status !== "settled") return { status: "unsettled", verification: "unverified", reason: "" };
  return { status: phase.verdict, verification: phase.verification, reason: phase.reason };
}

function answerFields(end: AttemptState["end"]): JsonObject {
  return {
    result: end?.result ?? null,
    structured: end?.structured ?? null,
    failure: failureFields(end?.failure),
  };
}

function durationOf(instance: InstanceState): JsonValue {
  const last = instance.attempts.at(-1);
  return last === undefined ? null : (elapsedOf(instance, last.end?.at ?? last.plannedAt) ?? null);
}

function attemptFields(attempt: AttemptState): JsonObject {
  return {
    number: attempt.number,
    agent: attempt.agent,
    started_at: isoDate(attempt.plannedAt),
    ...endFields(attempt.end),
    session_id: attempt.sessionId ?? null,
    model: attempt.model ?? null,
    agent_version: attempt.agentVersion ?? null,
    permission_mode: attempt.permissionMode ?? null,
    argv: [...attempt.argv],
    turns: attempt.turns,
    events: attempt.events,
    unreadable_lines: attempt.unreadable,
    denied: attempt.denied.map((each) => ({ ...each })),
    checks: attempt.checks.map((each) => ({ ...each })),
    stdout: attempt.files.stdout,
    stderr: attempt.files.stderr,
    ...spendingFields(attempt.spent),
    models: modelFields(attempt.spent),
    requests: requestFields(attempt.requests),
  };
}

function requestFields(requests: AttemptState["requests"]): JsonValue {
  if (requests === undefined) return null;
  const { settled, uncertain, refused, open, waitedMs } = requests;
  return { settled, uncertain, refused, open: Object.keys(open).length, waited_ms: waitedMs };
}

const noEnd: JsonObject = {
  status: "unsettled",
  reason: "",
  ended_at: null,
  duration_ms: null,
  exit_code: null,
  signal: null,
  spawn_error: null,
  swept_processes: 0,
  failure: null,
  last_lines: [],
};

function endFields(end: AttemptState["end"]): JsonObject {
  if (end === undefined) return noEnd;
  return {
    status: end.verdict,
    reason: end.reason,
    ended_at: isoDate(end.at),
    duration_ms: end.durationMs,
    exit_code: end.exit.code ?? null,
    signal: end.exit.signal ?? null,
    spawn_error: end.exit.spawnError ?? null,
    swept_processes: end.exit.swept,
    failure: failureFields(end.failure),
    last_lines: [...end.lastLines],
  };
}

type Failure = NonNullable<AttemptState["end"]>["failure"];

function failureFields(failure: Failure): JsonValue {
  if (failure === undefined) return null;
  return {
    kind: failure.kind,
    message: failure.message,
    resets_at: failure.resetsAt === undefined ? null : isoDate(failure.resetsAt),
    http_status: failure.status ?? null,
  };
}

function spendingFields(spent: Spending): JsonObject {
  return {
    tokens: tokenFields(spent.usage),
    cost_usd: spent.costUsd ?? null,
    cost_source: spent.costSource,
    totals_are_final: spent.final,
  };
}

function failedFields(state: RunState): JsonObject {
  const { attempts, spent } = failedWork(state);
  return { attempts, tokens: totalTokens(spent.usage), cost_usd: spent.costUsd ?? null };
}

function modelFields(spent: Spending): JsonValue {
  return Object.entries(spent.byModel).map(([model, { usage, costUsd }]) => ({
    model,
    tokens: tokenFields(usage),
    cost_usd: costUsd ?? null,
    cache_saved_usd: savedByCache(model, usage) ?? null,
  }));
}

function tokenFields(usage: TokenUsage): JsonObject {
  return {
    total: totalTokens(usage),
    input: usage.input,
    output: usage.output,
    cache_read: usage.cacheRead,
    cache_write_5m: usage.cacheWrite5m,
    cache_write_1h: usage.cacheWrite1h,
    reasoning: usage.reasoning,
  };
}

function budgetFields({ limit, used, complete, left, requests }: BudgetUse): JsonObject {
  return {
    scope: limit.scope.kind,
    of: coveredOne(limit),
    window_ms: "windowMs" in limit.scope ? limit.scope.windowMs : null,
    unit: limit.unit,
    limit: limit.limit,
    used,
    used_is_complete: complete,
    reserved: requests?.reserved ?? null,
    left,
    requests_refused: requests?.refused ?? null,
    enforcement: limit.enforcement,
  };
}

function coveredOne({ scope }: BudgetUse["limit"]): JsonValue {
  if ("instance" in scope) return scope.instance;
  return scope.kind === "command" ? scope.command : null;
}

function sumTools(state: RunState): JsonObject {
  const sum: Record<string, number> = {};
  for (const instance of state.instances.values()) {
    for (const [tool, count] of Object.entries(toolsOf(instance))) sum[tool] = (sum[tool] ?? 0) + count;
  }
  return sum;
}

/** An ISO date in UTC; null for a number that is no date (a damaged log). */
function isoDate(at: number): JsonValue {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : null;
}
