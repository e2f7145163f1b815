import { isTimeZone } from "@claude-orchestrator/domain";
import type { BudgetLimit, BudgetScope, InstancePlan } from "@claude-orchestrator/domain";
import type { Reporter } from "../check/reporter.ts";
import { fieldPath, type Draft } from "../expand/draft.ts";
import { filled } from "../filled.ts";
import type { BudgetOverrides } from "../loadOptions.ts";
import { type BudgetFields, olderBudgetFields } from "../schema/budgetSchema.ts";
import type { GatewayFields } from "../schema/gatewaySchema.ts";
import { quoted } from "../shown.ts";
import { nearest } from "../suggestions.ts";
import { commandLimits, limitsOf, type Amounts } from "./budgetLimits.ts";
import { checkDowngrades } from "./checkDowngrades.ts";
import { toMilliseconds } from "./durations.ts";

type Enforcement = BudgetLimit["enforcement"];

export interface LimitsInput {
  readonly budget: BudgetFields | null | undefined;
  readonly drafts: readonly Draft[];
  readonly instances: readonly InstancePlan[];
  readonly overrides: BudgetOverrides | undefined;
  readonly reporter: Reporter;
  readonly gateway: GatewayFields | null | undefined;
}

/** Every limit of the plan: of the run, of windows, of the machine, of commands, of instances; and what the person should know of them. */
export function toLimits(input: LimitsInput): {
  readonly limits: readonly BudgetLimit[];
  readonly notices: readonly string[];
} {
  const { budget: given, overrides, reporter } = input;
  const budget = filled(given);
  reportContradictions(budget, reporter);
  const own = enforcementOf(budget);
  const run: BudgetScope = { kind: "run" };
  const commands = allCommandLimits(budget, overrides, own);
  const ofRun = [
    ...limitsOf(run, runAmounts(budget, overrides), own),
    ...windowLimits(budget, "windows", own, reporter),
    ...windowLimits(budget, "machine", own, reporter),
    ...dailyLimits(budget, own, reporter),
    ...commands,
  ].map((limit) => ({ ...limit, ...cheaperOf(budget.on_exceed) }));
  const all = [...ofRun, ...input.drafts.flatMap((draft) => instanceLimits(draft, own, reporter))];
  const forced = overrides?.onExceed;
  if (forced === undefined) checkDowngrades({ ...input, limits: all });
  const limits =
    forced === undefined ? all : all.map(({ scope, unit, limit }) => ({ scope, unit, limit, enforcement: forced }));
  if (limits.length === 0 && typeof budget.admission === "string") {
    const hint = "give it an amount to hold, such as `cost_usd`, or remove `admission`";
    reporter.at(["budget", "admission"], "there is no budget that an instance could be admitted by", { hint });
  }
  return { limits, notices: unusedCommands(commands, input.instances) };
}

/** A limit that is written should hold; only files in the older words keep the older program's `warn`. */
function enforcementOf(budget: Partial<BudgetFields>): Enforcement {
  const isOlder = Object.keys(budget).every((field) => olderBudgetFields.includes(field));
  return exceedWord(budget.on_exceed) ?? budget.enforcement_mode ?? (isOlder ? "warn" : "block");
}

/** A cheaper model first, then it blocks. */
function exceedWord(onExceed: BudgetFields["on_exceed"]): Enforcement | undefined {
  return typeof onExceed === "object" ? (onExceed === null ? undefined : "block") : onExceed;
}

function cheaperOf(onExceed: BudgetFields["on_exceed"]): Pick<BudgetLimit, "downgrade"> {
  return typeof onExceed === "object" && onExceed !== null ? { downgrade: onExceed.downgrade } : {};
}

function reportContradictions(budget: Partial<BudgetFields>, reporter: Reporter): void {
  const pairs = [
    ["tokens", "overall_budget"],
    ["cost_usd", "overall_cost_budget"],
    ["on_exceed", "enforcement_mode"],
  ] as const;
  for (const [ours, older] of pairs) {
    if (budget[ours] === undefined || budget[older] === undefined) continue;
    const hint = `keep \`${ours}\``;
    reporter.at(["budget", older], `\`${older}\` says the same as \`${ours}\``, { atKey: true, hint });
  }
}

function runAmounts(budget: Partial<BudgetFields>, overrides: BudgetOverrides | undefined): Amounts {
  return {
    tokens: overrides?.tokens ?? budget.tokens ?? budget.overall_budget,
    cost_usd: overrides?.costUsd ?? budget.cost_usd ?? budget.overall_cost_budget,
  };
}

function windowLimits(
  budget: Partial<BudgetFields>,
  field: "windows" | "machine",
  enforcement: Enforcement,
  reporter: Reporter,
): readonly BudgetLimit[] {
  const kind = field === "windows" ? "window" : field;
  return (budget[field] ?? []).flatMap((window, at) => {
    const path = ["budget", field, at];
    const windowMs = toMilliseconds(window.duration, [...path, "duration"], reporter, "above-zero");
    const limits = limitsOf({ kind, windowMs }, window, enforcement);
    if (limits.length === 0)
      reporter.at(path, "this window limits nothing", { hint: "give it `tokens` or `cost_usd`" });
    return limits;
  });
}

function dailyLimits(
  { daily }: Partial<BudgetFields>,
  enforcement: Enforcement,
  reporter: Reporter,
): readonly BudgetLimit[] {
  if (daily === undefined || daily === null) return [];
  const { zone } = daily;
  const isZone = zone === undefined || zone === null || isTimeZone(zone);
  if (!isZone) reporter.at(["budget", "daily", "zone"], `${quoted(zone)} is no time zone`, { hint: zoneHint });
  const scope: BudgetScope = { kind: "day", ...filled({ zone }) };
  const limits = limitsOf(scope, daily, enforcement);
  if (limits.length === 0) {
    reporter.at(["budget", "daily"], "this budget limits nothing", { hint: "give it `tokens` or `cost_usd`" });
  }
  return limits;
}

const zoneHint = "name it as IANA does, such as Europe/Rome";

/** The flags win over our fields, those over the older ones. */
function allCommandLimits(
  budget: Partial<BudgetFields>,
  overrides: BudgetOverrides | undefined,
  enforcement: Enforcement,
): readonly BudgetLimit[] {
  const ours = Object.entries(budget.commands ?? {});
  const tokens = ours.flatMap(([command, { tokens: limit }]) =>
    typeof limit === "number" ? [[command, limit] as const] : [],
  );
  const dollars = ours.flatMap(([command, { cost_usd: limit }]) =>
    typeof limit === "number" ? [[command, limit] as const] : [],
  );
  return commandLimits(
    [budget.command_budgets, Object.fromEntries(tokens), overrides?.commandTokens],
    [budget.command_cost_budgets, Object.fromEntries(dollars), overrides?.commandCostUsd],
    enforcement,
  );
}

function instanceLimits(draft: Draft, enforcement: Enforcement, reporter: Reporter): readonly BudgetLimit[] {
  const { budget, max_tokens_per_command: older } = draft.fields;
  const scope: BudgetScope = { kind: "instance", instance: draft.name };
  const ofInstance = exceedWord(budget?.on_exceed) ?? "block";
  const own = [
    ...limitsOf(scope, { ...budget }, ofInstance),
    ...limitsOf({ kind: "attempt", instance: draft.name }, { ...budget?.attempt }, ofInstance),
    ...limitsOf({ kind: "sub_agent", instance: draft.name }, { ...budget?.sub_agent }, ofInstance),
  ];
  for (const part of ["attempt", "sub_agent"] as const) {
    const of = budget?.[part];
    if (of === undefined || of === null || typeof (of.tokens ?? of.cost_usd) === "number") continue;
    const place = fieldPath(draft, ["budget", part], reporter);
    reporter.at(place, "this budget limits nothing", { hint: "give it `tokens` or `cost_usd`" });
  }
  const cheaper = cheaperOf(budget?.on_exceed);
  return [...own.map((limit) => ({ ...limit, ...cheaper })), ...limitsOf(scope, { tokens: older }, enforcement)];
}

function unusedCommands(limits: readonly BudgetLimit[], instances: readonly InstancePlan[]): readonly string[] {
  const used = [...new Set(instances.map((instance) => instance.commandKey).filter((key) => key !== undefined))];
  const named = limits.flatMap(({ scope }) => (scope.kind === "command" ? [scope.command] : []));
  return [...new Set(named)]
    .filter((command) => !used.includes(command))
    .map((command) => {
      const near = nearest(command, used);
      const hint = near === undefined ? "" : `; the nearest is ${quoted(near)}`;
      return `No instance runs ${quoted(command)}, which has a budget${hint}`;
    });
}
