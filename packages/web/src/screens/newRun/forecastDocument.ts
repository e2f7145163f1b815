import { formatAmount, formatTokens } from "@claude-orchestrator/domain";
import type { BudgetLimit, Plan, Spread } from "@claude-orchestrator/domain";
import { scopeWords } from "../../data/budgetWords.ts";
import { shortly } from "../../kit/Lasting.tsx";
import { inDollars } from "../../kit/Money.tsx";

/** `forecast` of `plan --forecast --json`, as far as it is shown. */
export interface ForecastDocument {
  /** How many runs of this workspace it rests on. */
  readonly runs: number;
  readonly instances: readonly (Figures & {
    readonly name: string;
    readonly chance: number;
    readonly basis: string;
    readonly basis_count: number;
  })[];
  readonly run: Figures;
  readonly budgets: readonly (BudgetLimit & { readonly expected: Spread | null; readonly over: number | null })[];
}

export interface Figures {
  readonly tokens: Spread;
  /** null where nobody knows the price. */
  readonly cost_usd: Spread | null;
  readonly duration_ms: Spread;
}

/** One line: as likely less as more, and what one in ten exceeds. */
export interface ForecastRow {
  readonly name: string;
  readonly tokens: readonly [string, string];
  readonly cost: readonly [string, string];
  readonly time: readonly [string, string];
  readonly from: string;
  readonly isGuess: boolean;
}

/** Each instance, then the run as a whole: its p90 is not their sum. */
export function forecastRows(
  { instances, run }: ForecastDocument,
  plan: Pick<Plan, "instances">,
): readonly ForecastRow[] {
  const programs = new Set(plan.instances.flatMap(({ name, agent }) => (agent === "command" ? [name] : [])));
  const guesses = instances.filter(({ basis }) => basis === "prior").length;
  return [
    ...instances.map(({ name, chance, basis, basis_count: count, ...figures }) => ({
      name,
      ...figureWords(figures),
      from: `${basisWords(basis, count, programs.has(name))}${chance < 1 ? `; runs in ${percent(chance)} of runs` : ""}`,
      isGuess: basis === "prior",
    })),
    { name: "The run", ...figureWords(run), from: wholeWords(guesses, instances.length), isGuess: guesses > 0 },
  ];
}

function figureWords({ tokens, cost_usd: cost, duration_ms: time }: Figures) {
  return {
    tokens: [formatTokens(tokens.p50), formatTokens(tokens.p90)] as const,
    cost: cost === null ? (["?", "?"] as const) : ([inDollars(cost.p50), inDollars(cost.p90)] as const),
    time: [shortly(time.p50), shortly(time.p90)] as const,
  };
}

function basisWords(basis: string, count: number, isProgram: boolean): string {
  if (basis === "prior") return "guess: nothing like it has run here";
  const what: Readonly<Record<string, string>> = {
    instance: "of this instance",
    group: "of its group",
    command: "of the same prompt",
    model: isProgram ? "of programs" : "with its model",
    agent: isProgram ? "of programs" : "of its agent with other models",
  };
  return `${count} ${count === 1 ? "run" : "runs"} ${what[basis] ?? "like it"}`;
}

function wholeWords(guesses: number, count: number): string {
  if (guesses === 0) return "";
  return guesses === count ? "guess" : `guess in ${guesses} of ${count} instances`;
}

/** Whether a budget is likely to be enough, in a sentence. */
export function fitWords({ scope, unit, limit, expected, over }: ForecastDocument["budgets"][number]): {
  readonly text: string;
  readonly fits: boolean;
} {
  const whose = `${scopeWords(scope)}: `;
  const most = formatAmount(unit, limit);
  if (expected === null) {
    return { text: `${whose}whether it stays within ${most} cannot be said, a price is not known`, fits: false };
  }
  const fits = expected.p90 <= limit;
  const share = `${percent(over ?? 0)} of runs would need more`;
  return {
    text: `${whose}p90 of ${formatAmount(unit, expected.p90)} ${fits ? "fits" : "is over"} its ${most} (${share})`,
    fits,
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
