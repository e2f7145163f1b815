import { formatAmount, totalTokens } from "@claude-orchestrator/domain";
import type { InstanceState, RunState } from "@claude-orchestrator/domain";
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

export const hardSentence =
  "A budget is hard here: the most a request can cost is set aside before it is sent, and one that does not fit is refused";

/** What the budgets of this run promise, in a sentence or two, and of whom. */
export function pathSentences(state: RunState): readonly string[] {
  const soft = [...state.instances.values()].filter((each) => {
    const path = budgetPathOf(each);
    return path === "soft" || path === "mixed";
  });
  const someHard = [...state.instances.values()].some((each) => budgetPathOf(each) === "hard");
  const spenders = soft.filter(
    ({ name }) => state.plan.instances.find((plan) => plan.name === name)?.agent !== "command",
  );
  if (!someHard && soft.every((each) => besideSentence(each).length === 0)) return [overshootSentence];
  if (spenders.length === 0) return [hardSentence];
  const names = spenders.map(({ name }) => name).join(", ");
  return [
    hardSentence,
    `Not so for ${names}, counted after the fact: can be overshot by one request in flight per running agent`,
    ...spenders.flatMap(besideSentence),
  ];
}

/** Of an agent that found a second way to its model, what no budget has seen. */
function besideSentence({ name, attempts }: InstanceState): readonly string[] {
  const tokens = attempts.reduce((sum, { end }) => sum + (end?.besideGateway ?? 0), 0);
  if (tokens === 0) return [];
  return [
    `The agent of ${name} tells of ${formatAmount("tokens", tokens)} more than it asked for here: it goes around the gateway too`,
  ];
}
