import { accountOf } from "./account.ts";
import { isSameLimit, withLimit } from "./budget.ts";
import type { LoggedEvent, MachineFacts, PauseCause, RunOutcome, Spending, StopCause } from "./events.ts";
import type { RunId } from "./ids.ts";
import type { InstanceEvent, InstanceState } from "./instanceState.ts";
import { newInstance, reduceInstance, reopenInstance } from "./instanceState.ts";
import type { BudgetLimit, BudgetScope, Plan } from "./plan.ts";
import { addSpending, nothingSpent } from "./spending.ts";
import type { Verdict } from "./verdict.ts";
import type { Wish } from "./wishes.ts";
import { withWish } from "./wishes.ts";

/**
 * The life of a run, folded from its log by every reader alike.
 *
 *     created ── run-scheduled ──▶ scheduled ── run-started ──▶ running ── run-stopping ──▶ stopping
 *        └─────────────────────────── run-started ──▶ running        └──── run-settled ──▶ settled
 *
 * `run-resumed` brings a stopping run back to running, `run-reopened` a settled one. A pause is beside the phase.
 */
export type RunPhase =
  | { readonly status: "created" }
  | { readonly status: "scheduled"; readonly until: number }
  | { readonly status: "running"; readonly since: number }
  | { readonly status: "stopping"; readonly since: number; readonly cause: StopCause; readonly force: boolean }
  | {
      readonly status: "settled";
      readonly outcome: RunOutcome;
      readonly exitCode: number;
      readonly durationMs: number;
      readonly at: number;
    };

export interface RunState {
  readonly id: RunId;
  readonly plan: Plan;
  readonly version: string;
  readonly source?: string;
  readonly directory: string;
  readonly machine: MachineFacts;
  readonly demo?: string;
  /** The recording its answers come from: nothing was spent. */
  readonly replay?: string;
  readonly createdAt: number;
  readonly phase: RunPhase;
  /** Set while no instance may start, though the run goes on. */
  readonly paused?: { readonly since: number; readonly cause: PauseCause };
  /** How many times another supervisor took the run up. */
  readonly resumes: number;
  /** What of the log was missing or damaged when it was taken up again. */
  readonly lost: readonly string[];
  /** In the plan's order. */
  readonly instances: ReadonlyMap<string, InstanceState>;
  readonly budgetNotes: readonly BudgetNote[];
  /** Limits a person set while the run was at work: `plan` has them, its file has not. */
  readonly budgetsSet: readonly SetBudget[];
  /** Where limits over all runs were last seen to stand. */
  readonly budgetsObserved: readonly ObservedBudget[];
  /** What was wished through a server, and by whom, the newest 200; absent: nothing. */
  readonly wishes?: readonly Wish[];
  /** By account and window. */
  readonly usageWindows: Readonly<Record<string, UsageWindow>>;
  /** Number of the last event folded in, and when it happened. */
  readonly seq: number;
  readonly lastAt: number;
}

/** A limit as a person set it. */
export interface SetBudget extends BudgetLimit {
  /** What the file has; undefined: no such limit. */
  readonly written?: number;
}

/** What all runs had spent of a limit when this one had spent `ofRun` in all, in the limit's unit. */
export interface ObservedBudget extends Pick<BudgetLimit, "scope" | "unit"> {
  readonly used: number;
  readonly ofRun: number;
}

export interface BudgetNote {
  readonly at: number;
  readonly kind: "warned" | "exceeded";
  readonly scope: BudgetScope;
  readonly unit: "tokens" | "cost_usd";
  readonly limit: number;
  readonly used: number;
}

export interface UsageWindow {
  readonly agent: string;
  /** As `accountOf` names it. */
  readonly account: string;
  readonly window: string;
  readonly status: "allowed" | "warning" | "rejected";
  readonly resetsAt?: number;
  readonly utilization?: number;
}

/**
 * Undefined until the `run-created` event: a log that does not begin with one says nothing. As `reduceRun` for each event in
 * turn, and a good deal faster: the map of instances is copied once. `start` is left as it was.
 */
export function foldRun(events: Iterable<LoggedEvent>, start?: RunState): RunState | undefined {
  const put = intoOneCopy();
  let state = start;
  for (const event of events) state = reduceWith(state, event, put);
  return state;
}

/** Pure, total and lenient, like `reduceInstance`. Nothing moves a settled run but `run-reopened`. */
export function reduceRun(state: RunState | undefined, event: LoggedEvent): RunState | undefined {
  return reduceWith(state, event, intoCopy);
}

/**
 * As `reduceRun`, for whoever reads a log that is already written: an event that is not what its type says (a program's bug
 * wrote it) is passed over, so that one of them does not hide the run. `isPassedOver` says so.
 */
export function reduceAsRead(
  state: RunState | undefined,
  event: LoggedEvent,
): { readonly state: RunState | undefined; readonly isPassedOver: boolean } {
  return readWith(state, event, intoCopy);
}

/** As `reduceAsRead` for each event in turn, as fast as `foldRun`. `heard` is called after each. */
export function foldAsRead(
  events: Iterable<LoggedEvent>,
  start: RunState | undefined,
  heard?: (event: LoggedEvent, isPassedOver: boolean) => void,
): RunState | undefined {
  const put = intoOneCopy();
  let state = start;
  for (const event of events) {
    const answer = readWith(state, event, put);
    ({ state } = answer);
    heard?.(event, answer.isPassedOver);
  }
  return state;
}

/** Gives a map with this instance in place of the one of its name. */
type Put = (instances: RunState["instances"], instance: InstanceState) => RunState["instances"];

function intoCopy(instances: RunState["instances"], instance: InstanceState): RunState["instances"] {
  return new Map(instances).set(instance.name, instance);
}

/** Copies what it did not make itself: only for whoever shows nobody a state between two events. */
function intoOneCopy(): Put {
  let own: Map<string, InstanceState> | undefined;
  return (instances, instance) => {
    if (own === undefined || own !== instances) own = new Map(instances);
    return own.set(instance.name, instance);
  };
}

function reduceWith(state: RunState | undefined, event: LoggedEvent, put: Put): RunState | undefined {
  if (event.type === "run-created") return state ?? wished(create(event), event);
  if (state === undefined) return state;
  if (state.phase.status === "settled" && event.type !== "run-reopened") return state;
  const moved = "instance" in event ? reduceOneInstance(state, event, put) : reduceWhole(state, event);
  return { ...wished(moved, event), seq: event.seq, lastAt: event.at };
}

function wished(state: RunState, event: LoggedEvent): RunState {
  const wishes = withWish(state.wishes, event, state.phase.status === "stopping");
  return wishes === undefined || wishes === state.wishes ? state : { ...state, wishes };
}

function readWith(state: RunState | undefined, event: LoggedEvent, put: Put): ReturnType<typeof reduceAsRead> {
  try {
    return { state: reduceWith(state, event, put), isPassedOver: false };
  } catch {
    const passed = state === undefined ? undefined : { ...state, seq: event.seq, lastAt: event.at };
    return { state: passed, isPassedOver: true };
  }
}

function create(event: Extract<LoggedEvent, { type: "run-created" }>): RunState {
  return {
    id: event.id,
    plan: event.plan,
    version: event.version,
    ...(event.source === undefined ? {} : { source: event.source }),
    directory: event.directory,
    machine: event.machine,
    ...(event.demo === undefined ? {} : { demo: event.demo }),
    ...(event.replay === undefined ? {} : { replay: event.replay }),
    createdAt: event.at,
    phase: { status: "created" },
    resumes: 0,
    lost: [],
    instances: new Map(event.plan.instances.map(({ name }) => [name, newInstance(name)])),
    budgetNotes: [],
    budgetsSet: [],
    budgetsObserved: [],
    usageWindows: {},
    seq: event.seq,
    lastAt: event.at,
  };
}

function reduceOneInstance(state: RunState, event: InstanceEvent, put: Put): RunState {
  const noted = noteLimits(state, event);
  const before = state.instances.get(event.instance);
  if (before === undefined) return noted;
  const after = reduceInstance(before, event);
  if (after === before) return noted;
  return { ...noted, instances: put(state.instances, after) };
}

function noteLimits(state: RunState, event: InstanceEvent): RunState {
  if (event.type === "limit-observed") {
    const { window, status, resetsAt, utilization } = event;
    return observed(state, event, {
      window,
      status,
      ...(resetsAt === undefined ? {} : { resetsAt }),
      ...(utilization === undefined ? {} : { utilization }),
    });
  }
  if (event.type !== "attempt-ended") return state;
  const { kind, resetsAt } = event.failure ?? {};
  const isLimit = kind === "usage_limit" || kind === "rate_limit";
  return !isLimit || resetsAt === undefined
    ? state
    : observed(state, event, { window: "account", status: "rejected", resetsAt });
}

function observed(
  state: RunState,
  { instance, type }: InstanceEvent,
  seen: Omit<UsageWindow, "agent" | "account">,
): RunState {
  const plan = state.plan.instances.find(({ name }) => name === instance);
  if (plan === undefined) return state;
  const account = accountOf(plan);
  // An agent that tells of its windows has told of the one it failed by.
  const isTold = Object.values(state.usageWindows).some((each) => {
    return each.account === account && each.status === "rejected" && (each.resetsAt ?? 0) >= (seen.resetsAt ?? 0);
  });
  if (type === "attempt-ended" && isTold) return state;
  const window: UsageWindow = { agent: plan.agent, account, ...seen };
  return { ...state, usageWindows: { ...state.usageWindows, [`${account}\n${seen.window}`]: window } };
}

type WholeRunEvent = Exclude<LoggedEvent, InstanceEvent | { type: "run-created" }>;

function reduceWhole(state: RunState, event: WholeRunEvent): RunState {
  switch (event.type) {
    case "run-scheduled":
      return { ...state, phase: { status: "scheduled", until: event.until } };
    case "run-started":
      return { ...state, phase: { status: "running", since: event.at } };
    case "run-resumed":
      return resumed(state, event);
    case "plan-changed":
      return changePlan(state, event);
    case "run-paused":
      return state.paused === undefined ? { ...state, paused: { since: event.at, cause: event.cause } } : state;
    case "run-unpaused":
      return unpaused(state);
    case "run-reopened":
      return reopened(state, event);
    case "budget-warned":
      return { ...state, budgetNotes: [...state.budgetNotes, budgetNote("warned", event)] };
    case "budget-exceeded":
      return { ...state, budgetNotes: [...state.budgetNotes, budgetNote("exceeded", event)] };
    case "budget-changed":
      return changeBudget(state, event);
    case "budget-observed":
      return observedBudget(state, event);
    case "run-stopping":
      return {
        ...state,
        phase: { status: "stopping", since: startOf(state), cause: event.cause, force: event.force },
      };
    case "run-settled":
      return {
        ...state,
        phase: {
          status: "settled",
          outcome: event.outcome,
          exitCode: event.exitCode,
          durationMs: event.durationMs,
          at: event.at,
        },
      };
    default:
      return ignoreUnknown(state, event);
  }
}

type EventOf<Type extends LoggedEvent["type"]> = Extract<LoggedEvent, { readonly type: Type }>;

function resumed(state: RunState, event: EventOf<"run-resumed">): RunState {
  const { version, machine } = event;
  const lost = [...state.lost, ...event.lost];
  const goesOn = state.phase.status === "stopping" ? { phase: { status: "running", since: event.at } as const } : {};
  return { ...state, version, machine, lost, resumes: state.resumes + 1, ...goesOn };
}

/** Instances are known by name: those that stay keep what they have done. What the file says of budgets counts from now on. */
function changePlan(state: RunState, { plan, source }: EventOf<"plan-changed">): RunState {
  const instances = plan.instances.map(({ name }) => [name, state.instances.get(name) ?? newInstance(name)] as const);
  const asWritten = { plan, budgetsSet: [], ...(source === undefined ? {} : { source }) };
  return { ...state, ...asWritten, instances: new Map(instances) };
}

function changeBudget(state: RunState, event: EventOf<"budget-changed">): RunState {
  const { scope, unit, limit, enforcement } = event;
  const set: BudgetLimit = { scope, unit, limit, enforcement };
  const plan = { ...state.plan, limits: withLimit(state.plan.limits, set) };
  const known = state.budgetsSet.find((each) => isSameLimit(each, set));
  const written = known === undefined ? event.before : known.written;
  const others = state.budgetsSet.filter((each) => each !== known);
  const budgetsSet = [...others, { ...set, ...(written === undefined ? {} : { written }) }];
  return { ...state, plan, budgetsSet };
}

function observedBudget(state: RunState, { scope, unit, used, ofRun }: EventOf<"budget-observed">): RunState {
  const seen: ObservedBudget = { scope, unit, used, ofRun };
  return { ...state, budgetsObserved: [...state.budgetsObserved.filter((each) => !isSameLimit(each, seen)), seen] };
}

function unpaused(state: RunState): RunState {
  const { paused, ...rest } = state;
  return paused === undefined ? state : rest;
}

function reopened(state: RunState, { at, instances: names }: EventOf<"run-reopened">): RunState {
  const instances = new Map(state.instances);
  for (const name of names) {
    const before = instances.get(name);
    if (before !== undefined) instances.set(name, reopenInstance(before));
  }
  const goesOn = state.phase.status === "settled" ? { phase: { status: "running", since: at } as const } : {};
  return { ...state, instances, ...goesOn };
}

function ignoreUnknown<State>(state: State, _event: never): State {
  return state;
}

function budgetNote(
  kind: BudgetNote["kind"],
  event: Extract<LoggedEvent, { type: "budget-warned" | "budget-exceeded" }>,
): BudgetNote {
  return { at: event.at, kind, scope: event.scope, unit: event.unit, limit: event.limit, used: event.used };
}

/** When the run began to work; its creation, where it never did. */
export function startOf(state: RunState): number {
  return state.phase.status === "running" || state.phase.status === "stopping" ? state.phase.since : state.createdAt;
}

/** Spending of all instances together. */
export function totalSpending(state: RunState): Spending {
  let sum = nothingSpent;
  for (const instance of state.instances.values()) sum = addSpending(sum, instance.spent);
  return sum;
}

/** How many instances stand where: `waiting` includes held and retrying ones. */
export function countInstances(state: RunState): {
  readonly waiting: number;
  readonly running: number;
  readonly settled: Readonly<Partial<Record<Verdict, number>>>;
} {
  let waiting = 0;
  let running = 0;
  const settled: Partial<Record<Verdict, number>> = {};
  for (const { phase } of state.instances.values()) {
    if (phase.status === "settled") settled[phase.verdict] = (settled[phase.verdict] ?? 0) + 1;
    else if (phase.status === "running" || phase.status === "stopping" || phase.status === "ended") running += 1;
    else waiting += 1;
  }
  return { waiting, running, settled };
}
