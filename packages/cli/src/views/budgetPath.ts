import { formatAmount, totalTokens } from "@claude-orchestrator/domain";
import type { BudgetLimit, InstanceState, RunState } from "@claude-orchestrator/domain";
import { overshootSentence } from "./budgetLines.ts";

/**
 * How an instance's spending was held to its budgets. hard: each request was set aside before it was sent. soft: counted after
 * the fact. mixed: some attempts each way, or one that went both.
 */
export type BudgetPath = "hard" | "soft" | "mixed";

/** Undefined where no attempt was made yet. */
export function budgetPathOf({ attempts }: Pick<InstanceState, "attempts">): BudgetPath | undefined {
  const hard = attempts.filter(isHard).length;
  if (attempts.length === 0) return undefined;
  if (attempts.some(({ end }) => end?.besideGateway !== undefined)) return "mixed";
  if (hard === attempts.length) return "hard";
  return hard === 0 ? "soft" : "mixed";
}

/** One that spent without having asked there has found another way. */
function isHard({ requests, spent }: InstanceState["attempts"][number]): boolean {
  return requests !== undefined && (requests.reserved > 0 || totalTokens(spent.usage) === 0);
}

const hardSentence =
  "A budget is hard here: the most a request can cost is set aside before it is sent, and one that does not fit is refused";

const warningSentence = "Budgets that only warn refuse nothing: each request is counted, and passing them is said";

/** What budgets promise of those whose requests go through the gateway. */
export function hardPathSentence(limits: readonly BudgetLimit[]): string {
  const warning = limits.filter(({ enforcement }) => enforcement === "warn").length;
  if (warning === 0) return hardSentence;
  return warning === limits.length ? warningSentence : `${hardSentence}, unless it only warns`;
}

/** What the budgets of this run promise, in a sentence or two, and of whom. */
export function pathSentences(state: RunState): readonly string[] {
  return [...promises(state), ...unmeasuredSentences(state)];
}

/** A budget of sub-agents that reads as unspent, where nobody told their requests apart. */
function unmeasuredSentences({ plan, instances }: RunState): readonly string[] {
  const names = plan.limits.flatMap(({ scope }) => (scope.kind === "sub_agent" ? [scope.instance] : []));
  const unmeasured = [...new Set(names)].filter((name) => {
    const attempts = instances.get(name)?.attempts ?? [];
    return attempts.length > 0 && attempts.every(({ requests }) => requests === undefined);
  });
  if (unmeasured.length === 0) return [];
  return [`Sub-agents of ${unmeasured.join(", ")} were not measured: only the gateway tells them apart`];
}

function promises(state: RunState): readonly string[] {
  const soft = softOnes(state);
  const someHard = [...state.instances.values()].some((each) => budgetPathOf(each) === "hard");
  if (!someHard && soft.every((each) => besideSentence(each).length === 0)) {
    return [overshootSentence, ...pastSentences(state)];
  }
  const hard = hardPathSentence(state.plan.limits);
  if (soft.length === 0) return [hard];
  return [
    hard,
    `Not so for ${namesOf(soft)}, counted after the fact: can be overshot by one request in flight per running agent`,
    ...soft.flatMap(besideSentence),
  ];
}

/** Who asked past a gateway that is on; said also of a run without a budget, for its figures come another way. */
export function pastSentences(state: RunState): readonly string[] {
  const soft = softOnes(state);
  if (state.plan.gateway === undefined || soft.length === 0) return [];
  return [`The gateway is on, but not all that ${namesOf(soft)} asked went through it: counted after the fact`];
}

/** Agents that asked a model, all of it or some of it past the gateway. */
function softOnes(state: RunState): readonly InstanceState[] {
  const commands = new Set(state.plan.instances.flatMap(({ name, agent }) => (agent === "command" ? [name] : [])));
  return [...state.instances.values()].filter((each) => {
    const path = budgetPathOf(each);
    return (path === "soft" || path === "mixed") && !commands.has(each.name);
  });
}

function namesOf(instances: readonly InstanceState[]): string {
  return instances.map(({ name }) => name).join(", ");
}

/** Of an agent that found a second way to its model, what no budget has seen. */
function besideSentence({ name, attempts }: InstanceState): readonly string[] {
  const tokens = attempts.reduce((sum, { end }) => sum + (end?.besideGateway ?? 0), 0);
  if (tokens === 0) return [];
  return [
    `The agent of ${name} tells of ${formatAmount("tokens", tokens)} more than it asked for here: it goes around the gateway too`,
  ];
}
