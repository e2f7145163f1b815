import type { AgentEvent, InstancePlan, Plan } from "@claude-orchestrator/domain";
import { parseRunId } from "@claude-orchestrator/domain";
import type { EngineParts, RunControl } from "../door.ts";
import type { AgentAdapter, CheckRunner, EnvironmentSource, ModelGateway, Workspaces } from "../ports.ts";
import { startRun } from "../run.ts";
import { MemoryLog } from "./memoryLog.ts";
import { SimulatedProcesses } from "./simulatedProcesses.ts";
import type { Script } from "./simulatedProcesses.ts";
import { VirtualClock } from "./virtualClock.ts";

/** An agent that prints our own events as JSON: the engine is tested apart from any CLI's dialect. */
export const plainAgent: AgentAdapter = {
  name: "plain",
  about: "prints events",
  program: undefined,
  capabilities: {
    resume: true,
    usage: "live",
    cost: "reported",
    structuredOutput: true,
    commands: false,
    sessions: true,
    maxTurns: false,
    systemPrompt: false,
    mcp: false,
  },
  passEnv: [],
  gateway: {
    vendor: () => "anthropic",
    hides: ["PLAIN_KEY"],
    env: ({ url, token }) => ({ PLAIN_URL: url, PLAIN_TOKEN: token }),
  },
  stopLadder: [
    { signal: "SIGINT", to: "process", waitMs: 3000 },
    { signal: "SIGTERM", to: "group", waitMs: 3000 },
    { signal: "SIGKILL", to: "group", waitMs: 1000 },
  ],
  problems: () => [],
  invocation: ({ instance, resumeSession }) => ({
    argv: ["plain", instance.name, instance.work.kind === "prompt" ? instance.work.text : "", resumeSession ?? ""],
    env: {},
    files: {},
  }),
  createParser: () => ({
    stdoutLine: (text) => [JSON.parse(text) as AgentEvent],
    stderrLine: () => [],
    ended: () => [],
  }),
};

export const noEnvironment: EnvironmentSource = { base: () => ({}), get: () => undefined, isRoot: false };

export const plainInstance: InstancePlan = {
  name: "a",
  group: "a",
  agent: "plain",
  work: { kind: "prompt", text: "do it", before: [] },
  addDirs: [],
  permissionMode: "default",
  outputFormat: "stream-json",
  session: { resume: false, clear: false },
  env: { values: {}, pass: [] },
  cwd: "/nowhere",
  needs: [],
  retry: { attempts: 1, delayMs: 1000, backoff: 2, maxDelayMs: 60_000, on: ["rate_limit", "overload", "crash"] },
  priority: 0,
  continueOnFailure: false,
  successWhen: [],
  trustWorkspace: false,
};

export function planOf(instances: readonly Partial<InstancePlan>[], changes: Partial<Plan> = {}): Plan {
  return {
    name: "simulated",
    workspace: "/nowhere",
    concurrency: 4,
    startupDelayMs: 0,
    variables: {},
    limits: [],
    hideBudgets: false,
    instances: instances.map((each) => ({ ...plainInstance, group: each.name ?? "a", ...each })),
    notices: [],
    ...changes,
  };
}

export interface Simulation {
  readonly clock: VirtualClock;
  readonly log: MemoryLog;
  readonly processes: SimulatedProcesses;
  readonly control: RunControl;
  /** Runs until nothing is left to happen; the answer of `done`, or undefined where the run never settled. */
  finish(): Promise<{ readonly exitCode: number } | undefined>;
  /** Fires `count` timers, with everything they cause. */
  advance(count: number): Promise<void>;
}

export interface SimulationOptions {
  readonly script?: (instance: string, start: number) => Script;
  readonly checks?: CheckRunner["run"];
  readonly startAt?: number;
  readonly workspaces?: Workspaces;
  readonly gateway?: ModelGateway;
}

/** A whole run on a virtual clock, deterministic: same plan and scripts, same log. */
export function simulate(plan: Plan, options: SimulationOptions = {}): Simulation {
  const clock = new VirtualClock();
  const log = new MemoryLog(() => clock.wall());
  const scriptOf = options.script ?? (() => succeeding());
  const processes = new SimulatedProcesses(clock, (spec, start) => scriptOf(spec.argv[1] ?? "", start));
  const id = parseRunId("run_0000000001");
  if (id === undefined) throw new Error("the simulation's run id is malformed");
  const parts: EngineParts = {
    clock,
    processes,
    log,
    agents: new Map([["plain", plainAgent]]),
    checks: {
      snapshot: async () => ({ digest: "" }),
      run: options.checks ?? (async () => ({ check: "nothing", ok: true, detail: "" })),
    },
    environment: noEnvironment,
    ...(options.workspaces === undefined ? {} : { workspaces: options.workspaces }),
    ...(options.gateway === undefined ? {} : { gateway: options.gateway }),
    random: () => 0,
    uuid: () => "00000000-0000-4000-8000-000000000000",
  };
  const control = startRun(
    {
      id,
      plan,
      version: "0",
      directory: "/nowhere/runs",
      programs: new Map(),
      contexts: new Map(),
      ...(options.startAt === undefined ? {} : { startAt: options.startAt }),
    },
    parts,
  );
  let end: { readonly exitCode: number } | undefined;
  void control.done.then((answer) => (end = answer));
  const advance = async (count: number): Promise<void> => {
    await settleMicrotasks();
    for (let fired = 0; fired < count && end === undefined && clock.fireNext(); fired += 1) await settleMicrotasks();
  };
  return {
    clock,
    log,
    processes,
    control,
    advance,
    finish: async () => {
      await advance(100_000);
      return end;
    },
  };
}

/**
 * Everything already decided has happened. The longest chain of awaits is that of attempts which end at once, one after the
 * other, since their program cannot be started: about a dozen turns each.
 */
async function settleMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 400; turn += 1) await Promise.resolve();
}

export function succeeding(result = "done", takesMs = 1000): Script {
  return {
    lines: [{ afterMs: takesMs, event: { type: "finished", ok: true, result } }],
    exitAfterMs: takesMs + 10,
    exit: { code: 0 },
  };
}

export function failing(
  kind: "invalid_request" | "rate_limit" | "overload" = "invalid_request",
  takesMs = 1000,
): Script {
  return {
    lines: [{ afterMs: takesMs, event: { type: "finished", ok: false, failure: { kind, message: `it was ${kind}` } } }],
    exitAfterMs: takesMs + 10,
    exit: { code: 1 },
  };
}
