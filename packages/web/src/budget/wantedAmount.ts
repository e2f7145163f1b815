import { isShared } from "@claude-orchestrator/domain";
import type { BudgetLimit } from "@claude-orchestrator/domain";

export type BudgetUnit = BudgetLimit["unit"];

const sizes: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9 };

/** What somebody wrote, as an amount: "2.50", "$2.5", "1500000", "1.5M"; undefined where it is none, or nothing. */
export function readAmount(unit: BudgetUnit, text: string): number | undefined {
  const plain = text.trim().replaceAll(/[,_ ]/g, "");
  if (unit === "cost_usd") {
    const amount = /^\$?(\d{1,9}(?:\.\d{1,6})?)$/.exec(plain)?.[1];
    return positive(Number(amount));
  }
  const [, digits, size = ""] = /^(\d{1,15}(?:\.\d{1,6})?)([kmb]?)$/i.exec(plain) ?? [];
  const tokens = Math.round(Number(digits) * (sizes[size.toLowerCase()] ?? 1));
  return tokens <= Number.MAX_SAFE_INTEGER ? positive(tokens) : undefined;
}

function positive(amount: number): number | undefined {
  return amount > 0 ? amount : undefined;
}

/** What is offered: twice what there is or is spent, so that going on does not end at once. */
export function suggested({ unit, limit }: Pick<BudgetLimit, "unit" | "limit">, spent: number): string {
  const twice = 2 * Math.max(limit, spent);
  return String(unit === "tokens" ? Math.ceil(twice) : Math.ceil(twice * 100) / 100);
}

/** What comes of another amount, in a sentence or two, before it is set. */
export function outcomeWords(limit: BudgetLimit, spent: number, amount: number, isNew = false): string {
  const others = isShared(limit) ? " Other runs keep their own." : "";
  const goesOn = isNew && amount > spent;
  return `${goesOn ? "At its end it stops what would spend more." : effectWords(limit, spent, amount)}${others}`;
}

function effectWords({ enforcement }: BudgetLimit, spent: number, amount: number): string {
  if (amount > spent) return "What waits for room goes on within two seconds, as far as it fits.";
  switch (enforcement) {
    case "warn":
      return "More than that is spent already: it says so, and nothing else.";
    case "block":
      return "As much is spent already: what it covers is stopped, and nothing of it starts any more.";
    case "pause":
      return "As much is spent already: nothing it covers starts until it frees.";
  }
}
