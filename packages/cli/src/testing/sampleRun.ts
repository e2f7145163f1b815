import { foldRun, makeRunId, noUsage, nothingSpent } from "@claude-orchestrator/domain";
import type {
  BudgetLimit,
  InstancePlan,
  LoggedEvent,
  Plan,
  RequestAmount,
  RunEvent,
  RunState,
  Spending,
  TokenUsage,
} from "@claude-orchestrator/domain";

/** A fixed moment: 2026-11-23 12:00 UTC. */
export const noon = Date.UTC(2026, 10, 23, 12);

export function samplePlan(names: readonly string[], changes: Partial<Plan> = {}): Plan {
  return {
    name: "nightly",
    workspace: "/tmp/work",
    concurrency: 4,
    startupDelayMs: 0,
    variables: {},
    limits: [],
    hideBudgets: false,
    instances: names.map((name) => sampleInstance(name)),
    notices: [],
    ...changes,
  };
}

export function sampleInstance(name: string, changes: Partial<InstancePlan> = {}): InstancePlan {
  return {
    name,
    group: name,
    agent: "claude",
    work: { kind: "prompt", text: `do ${name}`, before: [] },
    addDirs: [],
    permissionMode: "default",
    outputFormat: "stream-json",
    session: { resume: false, clear: false },
    env: { values: {}, pass: [] },
    cwd: "/tmp/work",
    needs: [],
    retry: { attempts: 1, delayMs: 0, backoff: 2, maxDelayMs: 60_000, on: [] },
    priority: 0,
    continueOnFailure: false,
    successWhen: [],
    trustWorkspace: false,
    ...changes,
  };
}

export function created(plan: Plan): RunEvent {
  return {
    type: "run-created",
    id: makeRunId(noon, () => 0.5),
    plan,
    version: "0.1.0",
    source: "nightly.yaml",
    directory: "/tmp/runs/run_1",
    machine: { platform: "linux x64", node: "24.21.0", cores: 2, containment: "descent and marker" },
  };
}

export function planned(instance: string, attempt = 1): RunEvent {
  return {
    type: "attempt-planned",
    instance,
    attempt,
    agent: "claude",
    argv: ["claude", "-p", "do it"],
    envNames: ["PATH"],
    cwd: "/tmp/work",
    files: { stdout: `${instance}/${attempt}.stdout`, stderr: `${instance}/${attempt}.stderr` },
    marker: "m",
    model: "opus-5-5",
  };
}

/** An attempt whose requests go through the gateway. */
export function plannedThroughGateway(instance: string, attempt = 1): RunEvent {
  const event = planned(instance, attempt) as Extract<RunEvent, { type: "attempt-planned" }>;
  return { ...event, gateway: { url: "http://127.0.0.1:1", tokenHash: "" } };
}

export function requestReserved(instance: string, request: number, worst: RequestAmount): RunEvent {
  return { type: "request-reserved", instance, attempt: 1, request, model: "opus-5-5", worst };
}

export function requestSettled(
  instance: string,
  request: number,
  changes: Partial<Extract<RunEvent, { type: "request-settled" }>> = {},
): RunEvent {
  return {
    type: "request-settled",
    instance,
    attempt: 1,
    request,
    model: "opus-5-5",
    usage: { ...noUsage, input: 1000 },
    costUsd: 0.01,
    outcome: "answered",
    counted: "reported",
    status: 200,
    durationMs: 1200,
    ...changes,
  };
}

export function requestRefused(instance: string, unfit?: Pick<BudgetLimit, "scope" | "unit" | "limit">): RunEvent {
  const named = unfit === undefined ? {} : { limit: { scope: unfit.scope, unit: unfit.unit, limit: unfit.limit } };
  return { type: "request-refused", instance, attempt: 1, worst: { tokens: 9000 }, reason: "no room", ...named };
}

export function progressed(instance: string, tokens: number, text: string, changes: Partial<Spending> = {}): RunEvent {
  return {
    type: "attempt-progressed",
    instance,
    attempt: 1,
    spent: spending(tokens, tokens / 1_000_000, { final: false, ...changes }),
    tools: { Bash: 2 },
    turns: 1,
    events: 5,
    unreadable: 0,
    activity: [{ kind: "text", text }],
    omitted: 0,
  };
}

export function ended(instance: string, changes: Partial<Extract<RunEvent, { type: "attempt-ended" }>> = {}): RunEvent {
  return {
    type: "attempt-ended",
    instance,
    attempt: 1,
    verdict: "succeeded",
    verification: "unverified",
    reason: "it said so and exited with 0",
    exit: { code: 0, swept: 0 },
    durationMs: 1000,
    spent: spending(1500, 0.25),
    tools: { Bash: 2, Read: 1 },
    turns: 2,
    events: 9,
    unreadable: 0,
    result: "All done",
    lastLines: [],
    ...changes,
  };
}

export function settled(
  instance: string,
  changes: Partial<Extract<RunEvent, { type: "instance-settled" }>> = {},
): RunEvent {
  return {
    type: "instance-settled",
    instance,
    verdict: "succeeded",
    verification: "unverified",
    reason: "it said so and exited with 0",
    ...changes,
  };
}

export function runSettled(changes: Partial<Extract<RunEvent, { type: "run-settled" }>> = {}): RunEvent {
  return { type: "run-settled", outcome: "succeeded", exitCode: 0, durationMs: 5000, ...changes };
}

export function spending(tokens: number, costUsd: number | undefined, changes: Partial<Spending> = {}): Spending {
  const usage: TokenUsage = { ...noUsage, input: tokens };
  const cost = costUsd === undefined ? {} : { costUsd };
  const { costUsd: _none, ...base } = nothingSpent;
  return {
    ...base,
    usage,
    byModel: { "opus-5-5": { usage, ...cost } },
    ...cost,
    costSource: costUsd === undefined ? "unknown" : "reported",
    ...changes,
  };
}

export function limit(changes: Partial<BudgetLimit> = {}): BudgetLimit {
  return { scope: { kind: "run" }, unit: "tokens", limit: 10_000, enforcement: "block", ...changes };
}

/** Numbers the events and puts a second between them. */
export function logged(events: readonly RunEvent[]): readonly LoggedEvent[] {
  return events.map((event, index) => ({ ...event, seq: index + 1, at: noon + index * 1000 }));
}

/** The fold of these events; the first must be a `run-created`. */
export function stateOf(events: readonly RunEvent[]): RunState {
  const state = foldRun(logged(events));
  if (state === undefined) throw new Error("the sample does not begin with run-created");
  return state;
}
