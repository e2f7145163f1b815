import { accountOf } from "@claude-orchestrator/domain";
import type { AttemptState, InstancePlan, RunState, UsagePolicy, UsageWindow } from "@claude-orchestrator/domain";
import type { Admission } from "./budgetGuard.ts";

/*
 * Usage windows of the agents' accounts, as the agents tell of them.
 *
 * 1. While a window of an account is closed (used up, or used but for its reserve) and its reset is known, no instance on that
 *    account starts; other accounts are not concerned.
 * 2. After the reset they start one after the other, so that the first ones find out whether it is true.
 * 3. Whoever fails by a limit whose reset is known is tried again after it, and that attempt is not counted.
 * 4. Nothing waits longer than `waitMaxMs` for a reset, nor, meeting limit after limit, longer than that in a row.
 */

/** Time between two starts after a reset; each is moved by up to as much again, by chance. */
const stepMs = 5000;

/** An agent that is refused again and again though its window should be open is asked ever more seldom, up to this. */
const longestRepeatMs = 5 * 60_000;

/** The starts after one reset. */
interface Ramp {
  readonly resetsAt: number;
  /** By instance: when it may start, ms since 1970. */
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
    const closed = closedWindow(Object.values(usageWindows), account, this.#policy, now);
    if (closed === undefined) return this.#admitAfterReset({ account, agent, name }, now);
    const { reason, resetsAt, isUsedUp } = closed;
    if (isUsedUp && this.#policy.onLimit === "fail") return refused(`${reason} (on_limit: fail)`);
    if (resetsAt - now > this.#policy.waitMaxMs) return refused(`${reason}, for longer than limit_wait_max`);
    const turn = this.#turnOf(this.#rampTo(account, resetsAt), name);
    return { is: "held", reason, freesInMs: turn - now };
  }

  #admitAfterReset(
    { account, agent, name }: { readonly account: string; readonly agent: string; readonly name: string },
    now: number,
  ): Admission {
    const ramp = this.#ramps.get(account);
    // Open before its reset: somebody was let through, so all are.
    if (ramp === undefined || now < ramp.resetsAt) return { is: "free" };
    const isOver = now >= ramp.resetsAt + ramp.turns.size * stepMs && !ramp.turns.has(name);
    if (isOver) return { is: "free" };
    const turn = this.#turnOf(ramp, name);
    if (turn <= now) return { is: "free" };
    const reason = `the usage window of ${agent} has reset, and one starts after the other`;
    return { is: "held", reason, freesInMs: turn - now };
  }

  #rampTo(account: string, resetsAt: number): Ramp {
    const known = this.#ramps.get(account);
    if (known?.resetsAt === resetsAt) return known;
    const ramp: Ramp = { resetsAt, turns: new Map() };
    this.#ramps.set(account, ramp);
    return ramp;
  }

  #turnOf({ resetsAt, turns }: Ramp, name: string): number {
    const turn = turns.get(name) ?? resetsAt + Math.round((turns.size + this.#random()) * stepMs);
    turns.set(name, turn);
    return turn;
  }
}

function refused(reason: string): Admission {
  return { is: "refused", verdict: "rate_limited", reason: `not started: ${reason}` };
}

interface ClosedWindow {
  readonly reason: string;
  readonly resetsAt: number;
  /** False: what is left of it is kept for people. */
  readonly isUsedUp: boolean;
}

/** Of the windows that keep an account's instances from starting the one that opens last. */
function closedWindow(
  windows: readonly UsageWindow[],
  account: string,
  policy: UsagePolicy,
  now: number,
): ClosedWindow | undefined {
  const closed = windows.flatMap((window) => {
    const found = window.account === account ? closing(window, policy) : undefined;
    return found === undefined || found.resetsAt <= now ? [] : [found];
  });
  return closed.toSorted((a, b) => b.resetsAt - a.resetsAt)[0];
}

function closing(
  { agent, window, status, resetsAt, utilization = 0 }: UsageWindow,
  { reserve }: UsagePolicy,
): ClosedWindow | undefined {
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
  | { readonly is: "wait"; readonly ms: number; readonly resume: boolean }
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
  return {
    is: "wait",
    ms: Math.max(repeat, reset - now + Math.round(random * stepMs)),
    resume: last.sessionId !== undefined,
  };
}

/** True for an attempt that failed by a limit which the policy waits for: it counts against nothing. */
export function isWaitedFor({ onLimit }: UsagePolicy, { end }: AttemptState): boolean {
  return onLimit === "wait" && end?.verdict === "rate_limited" && end.failure?.resetsAt !== undefined;
}
