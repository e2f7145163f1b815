import { accountOf } from "@claude-orchestrator/domain";
import type { AttemptState, InstancePlan, RunState, UsagePolicy, UsageWindow } from "@claude-orchestrator/domain";
import type { Admission } from "./admission.ts";

/*
 * Usage windows of the agents' accounts, as the agents tell of them.
 *
 * 1. While a window of an account is closed (used up, or used but for its reserve) and its reset is known, no instance on that
 *    account starts; other accounts are not concerned.
 * 2. After the reset they start one after the other, so that the first ones find out whether it is true; also where the reset
 *    was slept over, or came while nobody was there to see it.
 * 3. Whoever fails by a limit whose reset is known is tried again after it, and that attempt is not counted.
 * 4. Nothing waits longer than `waitMaxMs` for a reset, nor, meeting limit after limit, longer than that in a row.
 */

/** Time between two starts after a reset; each is later by up to as much again, by chance. */
const stepMs = 5000;

/** So long after a reset starts follow one another. */
const rampMs = 10 * 60_000;

/** A reset that is first looked at so much later was slept over: turns that would all be past are given anew. */
const sleptOverMs = 60_000;

/** An agent that is refused again and again though its window should be open is asked ever more seldom, up to this. */
const longestRepeatMs = 5 * 60_000;

/** The starts after one reset; times in ms since 1970. */
interface Ramp {
  readonly resetsAt: number;
  /** When it was first seen that the reset had come. */
  openedAt: number | undefined;
  /** The next turn that is given. */
  next: number;
  /** By instance: when it may start. */
  readonly turns: Map<string, number>;
}

type WindowsAndPlan = Pick<RunState, "usageWindows" | "plan">;

/** Answers for new starts of agents whose account has announced a limit. */
export class UsageGuard {
  readonly #policy: UsagePolicy;
  readonly #random: () => number;
  /** By account. */
  readonly #ramps = new Map<string, Ramp>();

  constructor(policy: UsagePolicy, random: () => number) {
    this.#policy = policy;
    this.#random = random;
  }

  /** @param now ms since 1970 */
  admit({ usageWindows, plan }: WindowsAndPlan, { agent, name }: InstancePlan, now: number): Admission {
    // The log's plan: its account has the same name in every fold.
    const instance = plan.instances.find((each) => each.name === name);
    const account = instance === undefined ? agent : accountOf(instance);
    const limit = lastLimit(Object.values(usageWindows), account, this.#policy);
    const ramp = limit === undefined ? this.#ramps.get(account) : this.#rampTo(account, limit.resetsAt);
    if (ramp === undefined) return { is: "free" };
    if (limit === undefined || limit.resetsAt <= now) return this.#admitAfterReset(ramp, { agent, name }, now);
    const { reason, resetsAt, isUsedUp } = limit;
    if (isUsedUp && this.#policy.onLimit === "fail") return refused(`${reason} (on_limit: fail)`);
    if (resetsAt - now > this.#policy.waitMaxMs) return refused(`${reason}, for longer than limit_wait_max`);
    return { is: "held", reason, freesInMs: this.#turnOf(ramp, name, now) - now };
  }

  #admitAfterReset(ramp: Ramp, { agent, name }: Pick<InstancePlan, "agent" | "name">, now: number): Admission {
    // Open before its reset: somebody was let through, so all are.
    if (now < ramp.resetsAt) return { is: "free" };
    ramp.openedAt ??= openRamp(ramp, now);
    const isOver = now - ramp.openedAt > rampMs && ramp.next <= now;
    if (isOver && !ramp.turns.has(name)) return { is: "free" };
    const turn = this.#turnOf(ramp, name, now);
    if (turn <= now) return { is: "free" };
    const reason = `the usage window of ${agent} has reset, and one starts after the other`;
    return { is: "held", reason, freesInMs: turn - now };
  }

  #rampTo(account: string, resetsAt: number): Ramp {
    const known = this.#ramps.get(account);
    if (known?.resetsAt === resetsAt) return known;
    const next = resetsAt + Math.round(this.#random() * stepMs);
    const ramp: Ramp = { resetsAt, openedAt: undefined, next, turns: new Map() };
    this.#ramps.set(account, ramp);
    return ramp;
  }

  #turnOf(ramp: Ramp, name: string, now: number): number {
    const given = ramp.turns.get(name);
    if (given !== undefined) return given;
    const turn = Math.max(ramp.next, now);
    ramp.turns.set(name, turn);
    ramp.next = turn + Math.round((1 + this.#random()) * stepMs);
    return turn;
  }
}

/** Gives the time it opened. */
function openRamp(ramp: Ramp, now: number): number {
  const late = now - ramp.resetsAt;
  if (late > sleptOverMs) {
    for (const [name, turn] of ramp.turns) ramp.turns.set(name, turn + late);
    ramp.next += late;
  }
  return now;
}

function refused(reason: string): Admission {
  return { is: "refused", verdict: "rate_limited", reason: `not started: ${reason}` };
}

interface Limit {
  readonly reason: string;
  readonly resetsAt: number;
  /** False: what is left of the window is kept for people. */
  readonly isUsedUp: boolean;
}

/** Of the account's windows that are closed, or were when last told of, the one that opens last. */
function lastLimit(windows: readonly UsageWindow[], account: string, policy: UsagePolicy): Limit | undefined {
  const limits = windows.flatMap((window) => {
    const limit = window.account === account ? limitOf(window, policy) : undefined;
    return limit === undefined ? [] : [limit];
  });
  return limits.toSorted((a, b) => b.resetsAt - a.resetsAt)[0];
}

function limitOf(
  { agent, window, status, resetsAt, utilization = 0 }: UsageWindow,
  { reserve }: UsagePolicy,
): Limit | undefined {
  if (resetsAt === undefined) return undefined;
  if (status === "rejected") {
    return { reason: `the usage window ${window} of ${agent} is used up`, resetsAt, isUsedUp: true };
  }
  if (reserve <= 0 || utilization < 1 - reserve) return undefined;
  const used = `${Math.round(utilization * 100)} % of the usage window ${window} of ${agent} are used`;
  return { reason: `${used}, and the rest is kept (usage_reserve)`, resetsAt, isUsedUp: false };
}

/** What follows an attempt that ended by a limit: a wait in ms, or a reset too far away to be waited for. */
export type AfterLimit =
  | {
      readonly is: "wait";
      readonly ms: number;
      /** From then on the guard holds it: a reset is a time of the wall clock, which goes on while a laptop sleeps. */
      readonly askAfterMs: number;
      readonly resume: boolean;
    }
  | { readonly is: "too-long" };

/**
 * For an instance whose last attempt failed by a limit with a known reset; undefined for everything else, and where the policy
 * is to fail.
 *
 * @param attempts those since a person last asked for the instance
 * @param now ms since 1970
 * @param random in [0, 1)
 */
export function afterLimit(
  policy: UsagePolicy,
  attempts: readonly AttemptState[],
  now: number,
  random: number,
): AfterLimit | undefined {
  const inRow = attempts.slice(attempts.findLastIndex((attempt) => !isWaitedFor(policy, attempt)) + 1);
  const [first] = inRow;
  const last = inRow.at(-1);
  const reset = last?.end?.failure?.resetsAt;
  if (first?.end === undefined || last === undefined || reset === undefined) return undefined;
  if (Math.max(reset, now) - first.end.at > policy.waitMaxMs) return { is: "too-long" };
  const repeat = Math.min(longestRepeatMs, stepMs * 2 ** (inRow.length - 1));
  const ms = Math.max(repeat, reset - now + Math.round(random * stepMs));
  return { is: "wait", ms, askAfterMs: repeat, resume: last.sessionId !== undefined };
}

/** True for an attempt that failed by a limit which the policy waits for: it counts against nothing. */
export function isWaitedFor({ onLimit }: UsagePolicy, { end }: AttemptState): boolean {
  return onLimit === "wait" && end?.verdict === "rate_limited" && end.failure?.resetsAt !== undefined;
}
