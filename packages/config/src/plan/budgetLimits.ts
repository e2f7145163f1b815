import type { BudgetLimit, BudgetScope } from "@claude-orchestrator/domain";
import { slashCommand } from "../expand/commandKey.ts";
import type { BudgetOverrides } from "../loadOptions.ts";

export interface Amounts {
  readonly tokens?: number | null | undefined;
  readonly cost_usd?: number | null | undefined;
}

/** One limit for each unit that is given. */
export function limitsOf(
  scope: BudgetScope,
  { tokens, cost_usd: costUsd }: Amounts,
  enforcement: BudgetLimit["enforcement"],
): readonly BudgetLimit[] {
  return [
    ...(typeof tokens === "number" ? [{ scope, unit: "tokens", limit: tokens, enforcement } as const] : []),
    ...(typeof costUsd === "number" ? [{ scope, unit: "cost_usd", limit: costUsd, enforcement } as const] : []),
  ];
}

/** `/analyze; more` and `/analyze src` are limits of `/analyze`; text that is no slash command stands for itself. */
export function commandName(written: string): string {
  return slashCommand(written) ?? written.trim();
}

/** Limits by command, from the first record to the last: a later one wins, each unit by itself. */
export function commandLimits(
  tokens: readonly (Readonly<Record<string, number>> | null | undefined)[],
  dollars: readonly (Readonly<Record<string, number>> | null | undefined)[],
  enforcement: BudgetLimit["enforcement"],
): readonly BudgetLimit[] {
  const [byTokens, byDollars] = [collect(tokens), collect(dollars)];
  return [...new Set([...byTokens.keys(), ...byDollars.keys()])].flatMap((command) =>
    limitsOf(
      { kind: "command", command },
      { tokens: byTokens.get(command), cost_usd: byDollars.get(command) },
      enforcement,
    ),
  );
}

function collect(
  records: readonly (Readonly<Record<string, number>> | null | undefined)[],
): ReadonlyMap<string, number> {
  return new Map(
    records.flatMap((record) => Object.entries(record ?? {}).map(([key, limit]) => [commandName(key), limit] as const)),
  );
}

/** The limits of a run that has no file, from the command line alone: they hold unless `onExceed` says otherwise. */
export function limitsOfOverrides(overrides: BudgetOverrides | undefined): readonly BudgetLimit[] {
  if (overrides === undefined) return [];
  const enforcement = overrides.onExceed ?? "block";
  return [
    ...limitsOf({ kind: "run" }, { tokens: overrides.tokens, cost_usd: overrides.costUsd }, enforcement),
    ...commandLimits([overrides.commandTokens], [overrides.commandCostUsd], enforcement),
  ];
}
