import { formatAmount, isSameLimit, isShared, limitCovers, scopeWords } from "@claude-orchestrator/domain";
import type { BudgetLimit, RunEvent, RunState, Wisher } from "@claude-orchestrator/domain";
import type { ResolvedNeed } from "./needs.ts";
import type { WritingTrouble } from "./ports.ts";
import { reopening } from "./reopening.ts";

/**
 * What a person asks of a run: the event it becomes, with a sentence for them; the sentence that says it is so already, which
 * is no mistake of theirs; or the one that refuses it.
 */
export type Asked =
  | { readonly event: RunEvent; readonly message: string }
  | { readonly already: string }
  | { readonly refused: string };

/** The field of an event that says whose wish it is; none where that is not known. */
export function wishedBy(by: Wisher | undefined): { readonly by?: Wisher } {
  return by === undefined ? {} : { by };
}

/** Nothing more is to start; what runs goes on to its end. */
export function askToPause(state: RunState, by?: Wisher): Asked {
  const why = whyItMayNot(state);
  if (why !== undefined) return { refused: why };
  const { paused } = state;
  if (paused?.cause.kind === "storage") return { refused: `it starts nothing as it is: ${paused.cause.message}` };
  if (paused !== undefined) return { already: "the run is paused already" };
  const event = { type: "run-paused", cause: { kind: "user" }, ...wishedBy(by) } as const;
  return { event, message: "paused: nothing more starts, and what runs goes on to its end" };
}

export function askToGoOn(state: RunState, by?: Wisher): Asked {
  const why = whyItMayNot(state);
  if (why !== undefined) return { refused: why };
  const { paused } = state;
  if (paused === undefined) return { already: "the run is not paused" };
  if (paused.cause.kind === "storage") return { refused: `it goes on by itself once it can: ${paused.cause.message}` };
  return { event: { type: "run-unpaused", ...wishedBy(by) }, message: "instances start again" };
}

/** Another amount for a limit, or one more limit, from now on. */
export function askForBudget(state: RunState, wanted: BudgetLimit, by?: Wisher): Asked {
  const why = whyItMayNot(state);
  if (why !== undefined) return { refused: why };
  const { scope, unit, limit } = wanted;
  const before = state.plan.limits.find((each) => isSameLimit(each, wanted));
  const words = scopeWords(scope);
  if (before === undefined && !maybeAdded(wanted, state)) {
    return { refused: `there is no budget of ${words} in ${unit === "tokens" ? "tokens" : "dollars"} to be changed` };
  }
  const was = before === undefined ? {} : { before: before.limit };
  const { enforcement } = before ?? wanted;
  return {
    event: { type: "budget-changed", scope, unit, ...was, limit, enforcement, ...wishedBy(by) },
    message: `the budget of ${words} is ${formatAmount(unit, limit)} from now on${isShared(wanted) ? " for this run: others go on under their own" : ""}`,
  };
}

/** A limit that was not in the plan is one of what the run itself has counted all along. */
function maybeAdded(wanted: BudgetLimit, { plan }: RunState): boolean {
  const { kind } = wanted.scope;
  if (kind === "window" || kind === "machine" || kind === "day") return false;
  return plan.instances.some((instance) => limitCovers(wanted, instance));
}

/** Settled instances are wanted again, with what was skipped for their sake. */
export function askAgain(
  state: RunState,
  needs: ReadonlyMap<string, readonly ResolvedNeed[]>,
  { wanted, by }: { readonly wanted: readonly string[] | "failed"; readonly by?: Wisher | undefined },
): Asked {
  const why = whyItMayNot(state);
  if (why !== undefined) return { refused: why };
  const answer = reopening(state, needs, wanted);
  if ("problem" in answer) return { refused: answer.problem };
  return {
    event: { type: "run-reopened", instances: answer.names, ...wishedBy(by) },
    message: `to be tried again: ${answer.names.join(", ")}`,
  };
}

/** Why one instance cannot be stopped; undefined where it can. */
export function whyItCannotStop({ instances }: RunState, name: string): string | undefined {
  const phase = instances.get(name)?.phase;
  if (phase === undefined) return `there is no instance \`${name}\` in this run`;
  return phase.status === "settled" ? `\`${name}\` has ended already` : undefined;
}

/** What a change in the log's being writable means to the run; undefined where nothing. */
export function troubleEvent({ paused, phase }: RunState, trouble: WritingTrouble | undefined): RunEvent | undefined {
  if (phase.status === "settled" || trouble?.kind === "lost") return undefined;
  if (trouble !== undefined && paused === undefined) {
    return { type: "run-paused", cause: { kind: "storage", message: trouble.message } };
  }
  return trouble === undefined && paused?.cause.kind === "storage" ? { type: "run-unpaused" } : undefined;
}

function whyItMayNot({ phase }: RunState): string | undefined {
  if (phase.status === "settled") return "the run has ended";
  return phase.status === "stopping" ? "the run is being stopped" : undefined;
}
