import { formatTokens, shellWord } from "@claude-orchestrator/domain";
import { inDollars } from "../kit/Money.tsx";
import type { BudgetUnit } from "./wantedAmount.ts";

export function amountWords(unit: BudgetUnit, value: number): string {
  return unit === "tokens" ? `${formatTokens(value)} tokens` : inDollars(value);
}

/** What is to be written where what stands there is no amount. */
export function amountProblem(unit: BudgetUnit): string {
  return unit === "tokens" ? "A whole number of tokens, such as 500000 or 1.5M" : "An amount of dollars, such as 2.50";
}

/** The same for a terminal; `scope` as `budget set` names it. */
export function setCommand(id: string, scope: string, unit: BudgetUnit, amount: number | undefined): string {
  const word = scope === "run" ? "" : ` ${shellWord(scope)}`;
  return `claude-orchestrator budget set ${id}${word} ${unit === "tokens" ? "--tokens" : "--cost-usd"} ${amount ?? "N"}`;
}
