import { scopeLabel, UserError } from "@claude-orchestrator/domain";
import type { BudgetScope, Plan } from "@claude-orchestrator/domain";

/**
 * What a person means by a word: a limit of the plan by its label, or by the part of it after the colon; else the run, an
 * instance, a command.
 *
 * @throws UserError usage where it is none, or more than one
 */
export function scopeOf({ limits, instances }: Pick<Plan, "limits" | "instances">, word = "run"): BudgetScope {
  const known = new Map(limits.map(({ scope }) => [scopeLabel(scope), scope] as const));
  const possible = possibleScopes(instances);
  const exact = known.get(word) ?? possible.get(word);
  if (exact !== undefined) return exact;
  const meant = named(known, word);
  const [first] = meant.length > 0 ? meant : named(possible, word, /^(instance|command):/);
  if (first !== undefined && meant.length < 2) return first;
  const there = [...known.keys()].map((label) => `\`${label}\``).join(", ");
  const what = meant.length < 2 ? "names no budget" : "names more than one budget";
  throw new UserError("usage", `\`${word}\` ${what} of this run`, {
    hint:
      there === "" ? "name an instance, or leave it out for the budget of the whole run" : `its budgets are ${there}`,
  });
}

/** What of a run can have a budget though its file gives it none, by label. */
function possibleScopes(instances: Plan["instances"]): ReadonlyMap<string, BudgetScope> {
  const scopes: BudgetScope[] = [{ kind: "run" }];
  for (const { name, group, commandKey } of instances) {
    if (commandKey !== undefined) scopes.push({ kind: "command", command: commandKey });
    for (const instance of new Set([group, name])) {
      scopes.push({ kind: "instance", instance }, { kind: "attempt", instance }, { kind: "sub_agent", instance });
    }
  }
  return new Map(scopes.map((scope) => [scopeLabel(scope), scope]));
}

/** Those whose label is that word after its colon. */
function named(scopes: ReadonlyMap<string, BudgetScope>, word: string, prefix = /^[a-z-]+:/): readonly BudgetScope[] {
  return [...scopes].flatMap(([label, scope]) => {
    return prefix.test(label) && label.replace(prefix, "") === word ? [scope] : [];
  });
}
