import { breakerWords, formatAmount, formatSettingDuration, scopeWords } from "@claude-orchestrator/domain";
import type {
  AgentEvent,
  AgentFailure,
  BudgetScope,
  ExitFacts,
  FailureKind,
  InstancePlan,
  StopCause,
  Verdict,
  Verification,
} from "@claude-orchestrator/domain";
import type { Shortfall } from "./ledgerAccount.ts";
import type { CheckAnswer } from "./ports.ts";

/** Everything known about an attempt when it is over. */
export interface AttemptFacts {
  readonly instance: InstancePlan;
  /** Set by our own action, the first one only. */
  readonly cause: StopCause | undefined;
  readonly exit: ExitFacts;
  /** The agent's last word. */
  readonly finished: Extract<AgentEvent, { type: "finished" }> | undefined;
  /** Tools whose last call was refused for want of permission. */
  readonly deniedTools: readonly string[];
  /** Answers of `success_when`, asked only when all else went well. */
  readonly checks: readonly CheckAnswer[];
  readonly lastErrorLine: string | undefined;
  /** It told the session it works in. */
  readonly hasSession?: boolean;
  /** Of one that was taken over: whether it had ended before that. */
  readonly endedUnseen?: "before" | "after";
  /** Why its own folder could not be had, where that is what kept it from starting. */
  readonly unprepared?: string;
  /** The last of its requests that a budget refused. */
  readonly refusal?: RequestRefusal;
}

export interface RequestRefusal {
  readonly reason: string;
  /** ms since 1970: when there will be room for it. */
  readonly resetsAt?: number;
}

export interface AttemptVerdict {
  readonly verdict: Verdict;
  readonly verification: Verification;
  readonly reason: string;
  readonly failure?: AgentFailure;
}

/**
 * The one place that decides and words how an attempt ended. The first cause wins: what we did ourselves, then what the
 * agent said, then how its process ended, then what was checked. Exit 0 alone is not success.
 */
export function decideVerdict(facts: AttemptFacts): AttemptVerdict {
  return byRefusal(facts) ?? byOurAction(facts) ?? byAgentsWord(facts) ?? byExit(facts) ?? byWork(facts);
}

/** True where nothing speaks against success but what `success_when` has still to say. */
export function deservesChecks(facts: Omit<AttemptFacts, "checks">): boolean {
  return (byRefusal(facts) ?? byOurAction(facts) ?? byAgentsWord(facts) ?? byExit(facts)) === undefined;
}

/** An agent that came to its end without the request it was refused has done its work. */
function byRefusal({ cause, finished, refusal }: Omit<AttemptFacts, "checks">): AttemptVerdict | undefined {
  const isOthers = cause !== undefined && cause.kind !== "budget";
  if (refusal === undefined || isOthers || finished?.ok === true) return undefined;
  const { reason: message, resetsAt } = refusal;
  const failure = { kind: "budget", message, ...(resetsAt === undefined ? {} : { resetsAt }) } as const;
  return { ...unverified("budget_exceeded", message), failure };
}

function byOurAction({ cause }: Pick<AttemptFacts, "cause">): AttemptVerdict | undefined {
  switch (cause?.kind) {
    case undefined:
      return undefined;
    case "user":
      return unverified("stopped", "stopped on request");
    case "timeout":
      return withFailure("timed_out", "timeout", timeoutWords(cause));
    case "budget":
      return withFailure("budget_exceeded", "budget", budgetWords(cause));
    case "breaker":
      return withFailure("failed", "agent_error", `stopped by a circuit breaker: ${breakerWords(cause)}`);
    case "internal":
      return withFailure("failed", "not_started", cause.message);
  }
}

function timeoutWords(cause: Extract<StopCause, { kind: "timeout" }>): string {
  const after = formatSettingDuration(cause.afterMs);
  if (cause.timer === "idle") return `printed nothing for ${after} (idle_timeout)`;
  if (cause.timer === "first_event") return `printed nothing in its first ${after} (first_event_timeout)`;
  return `was still running after ${after} (timeout)`;
}

/** The sentence for a spent budget, the same wherever it is said. */
export function budgetWords(spent: {
  readonly scope: BudgetScope;
  readonly unit: "tokens" | "cost_usd";
  readonly limit: number;
  readonly used: number;
}): string {
  const used = formatAmount(spent.unit, spent.used);
  return `the budget of ${scopeWords(spent.scope)} is spent: ${used} of ${formatAmount(spent.unit, spent.limit)}`;
}

/** The sentence for a request that a budget has no room for. The agent shows it to the person, so it says what to do. */
export function shortfallWords({ limit, used, reserved, need, why }: Shortfall): string {
  const whose = `the budget of ${scopeWords(limit.scope)}`;
  const amount = (value: number): string => formatAmount(limit.unit, value);
  if (why === "unpriced") return `${whose} is in dollars, and what this request costs is not known`;
  const others = why === "reserved" ? ` and ${amount(reserved)} set aside for other requests` : "";
  return `${whose} has no room for a request that may cost ${amount(need)}: ${amount(used)} of ${amount(limit.limit)} is spent${others}`;
}

const spawnWords: Readonly<Record<string, string>> = {
  ENOENT: "there is no such program",
  CWD_MISSING: "the folder it should run in is not there",
  CWD_TOO_LONG:
    "the path of the folder it should run in is longer than the 258 characters with which Windows starts a program",
  RUN_FOLDER: "the folder of the run, which keeps its output, cannot be written",
  EACCES: "it may not be executed, or its folder not be entered",
  ENOEXEC: "it is no program of this machine, and has no #! line",
  E2BIG: "its arguments and environment together are too long",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EAGAIN: "no more processes are allowed",
  ENOMEM: "there is no memory left",
  ENOSPC: "the disk is full",
};

/** Names the program and what is wrong with it: the error's code alone says little to most people. */
function spawnSentence({ work, agent }: InstancePlan, code: string): string {
  const program = work.kind === "argv" ? `\`${work.argv[0] ?? ""}\`` : `the program of agent \`${agent}\``;
  const why = Object.hasOwn(spawnWords, code) ? `: ${spawnWords[code]}` : "";
  return `${program} could not be started${why} (${code})`;
}

function byAgentsWord({
  instance,
  exit,
  finished,
  unprepared,
}: Pick<AttemptFacts, "instance" | "exit" | "finished" | "unprepared">): AttemptVerdict | undefined {
  if (unprepared !== undefined) return withFailure("failed", "not_started", unprepared);
  if (exit.spawnError !== undefined) {
    return withFailure("failed", "not_started", spawnSentence(instance, exit.spawnError));
  }
  const failure = finished?.failure;
  if (failure === undefined) return undefined;
  return { ...unverified(verdictOf(failure.kind), failure.message), failure };
}

function verdictOf(kind: FailureKind): Verdict {
  switch (kind) {
    case "rate_limit":
    case "usage_limit":
      return "rate_limited";
    case "budget":
      return "budget_exceeded";
    case "permission":
      return "blocked";
    case "incomplete":
      return "incomplete";
    case "timeout":
      return "timed_out";
    default:
      return "failed";
  }
}

/**
 * How it ended nobody saw. What can go on in its session does; what was gone when it was taken over was cut off, and begins
 * again. But a program that came to its end after that may have done all its work: it is not run a second time, and
 * `success_when`, where there is any, says whether it has.
 */
function byUnseenEnd(facts: Omit<AttemptFacts, "checks">): AttemptVerdict | undefined {
  if (facts.endedUnseen !== "after" || facts.hasSession === true) {
    return withFailure("failed", "interrupted", "it was cut off: its supervisor was gone before it ended");
  }
  if (facts.instance.successWhen.length > 0) return undefined;
  const message =
    "it ended after its supervisor was gone, so how it ended is not known; it is not run a second time by itself";
  return withFailure("incomplete", "incomplete", message);
}

function byExit(facts: Omit<AttemptFacts, "checks">): AttemptVerdict | undefined {
  const { exit, finished, lastErrorLine } = facts;
  const said = lastErrorLine === undefined ? "" : `: ${lastErrorLine}`;
  if (exit.lost === true && finished === undefined) return byUnseenEnd(facts);
  if (exit.signal !== undefined) {
    return withFailure("failed", "crash", `its process was ended by ${exit.signal}, which was not our doing${said}`);
  }
  if (exit.code !== 0 && exit.lost !== true) {
    const claimed = finished?.ok === true ? " although it reported success" : "";
    return withFailure("failed", "crash", `it exited with code ${exit.code ?? "unknown"}${claimed}${said}`);
  }
  if (finished === undefined) {
    return withFailure("incomplete", "incomplete", "it exited with code 0 but gave no result");
  }
  return finished.ok ? undefined : withFailure("failed", "agent_error", "it reported a failure without a reason");
}

function byWork({ instance, finished, deniedTools, checks }: AttemptFacts): AttemptVerdict {
  const refuted = checks.find((check) => !check.ok);
  if (refuted !== undefined) {
    const message = `not accepted: ${refuted.check}: ${refuted.detail}`;
    return { ...withFailure("failed", "acceptance", message), verification: "refuted" };
  }
  if (checks.length > 0) return { verdict: "succeeded", verification: "verified", reason: "done and verified" };
  if (instance.jsonSchema !== undefined && finished?.structured === undefined) {
    return withFailure(
      "incomplete",
      "incomplete",
      "it answered without the structured output that json_schema asks for",
    );
  }
  if (deniedTools.length > 0) {
    const tools = deniedTools.join(", ");
    return withFailure("blocked", "permission", `permission was denied for ${tools}, and it could not go another way`);
  }
  return unverified("succeeded", "done");
}

function unverified(verdict: Verdict, reason: string): AttemptVerdict {
  return { verdict, verification: "unverified", reason };
}

function withFailure(verdict: Verdict, kind: FailureKind, message: string): AttemptVerdict {
  return { ...unverified(verdict, message), failure: { kind, message } };
}
