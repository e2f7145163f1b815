import { formatAmount, formatSettingDuration } from "@claude-orchestrator/domain";
import type { BudgetLimit, InstancePlan, Isolation, Plan } from "@claude-orchestrator/domain";
import { overshootSentence } from "./budgetLines.ts";
import { hardPathSentence } from "./budgetPath.ts";
import type { Line } from "./text/line.ts";
import { line, span, wrapText } from "./text/line.ts";
import { exactWord } from "./exactWord.ts";
import { watchingLines } from "./watchingLines.ts";
import { counted, scopeText } from "./words.ts";

/** One instance as it would be started. */
export interface PlannedInstance {
  readonly name: string;
  /** From 1: those of one level can run at once. */
  readonly level: number;
  readonly needs: readonly { readonly instance: string; readonly when: string }[];
  /** Exact, but for secrets and for values known only later. */
  readonly argv: readonly string[];
  /** Names only. */
  readonly env: readonly string[];
  readonly stdin_bytes: number;
  /** Files made for it in a folder of its own. */
  readonly files: readonly string[];
  /** Where the gateway is on: how its budgets would hold by the keys that are known now. */
  readonly budget_path?: "hard" | "soft";
}

export interface PlanOptions {
  readonly columns: number;
  readonly runsFolder: string;
  readonly startAt?: number;
  /** Set where the models' answers would be those of a recording. */
  readonly isReplay?: boolean;
}

/** The plan for a person: the graph level by level, with everything that would be run. */
export function planLines(plan: Plan, planned: readonly PlannedInstance[], options: PlanOptions): readonly Line[] {
  const levels = [...new Set(planned.map(({ level }) => level))].toSorted((a, b) => a - b);
  return [
    [span(plan.name === "" ? "(no name)" : plan.name, "strong"), span(`  ${headFacts(plan, options)}`, "quiet")],
    line(`workspace ${plan.workspace}`, "quiet"),
    line(`runs are kept in ${options.runsFolder}`, "quiet"),
    ...plan.notices.flatMap((notice) => wrapText(`note: ${notice}`, options.columns).map((each) => line(each, "warn"))),
    ...levels.flatMap((level) => [
      line(""),
      line(level === 1 ? "First, all at once" : `After those they need (level ${level})`, "accent"),
      ...planned.filter((each) => each.level === level).flatMap((each) => instanceLines(plan, each, options.columns)),
    ]),
    ...gatewayLines(plan, planned, options.columns),
    ...budgetLines(plan, planned, options.isReplay === true),
    ...watchingLines(plan),
  ];
}

function headFacts(plan: Plan, { startAt }: PlanOptions): string {
  const parts = [
    counted(plan.instances.length, "instance"),
    `at most ${plan.concurrency} at once`,
    plan.startupDelayMs > 0 ? `${formatSettingDuration(plan.startupDelayMs)} between starts` : "",
    startAt === undefined ? "" : `starts at ${new Date(startAt).toISOString()}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function instanceLines(plan: Plan, planned: PlannedInstance, columns: number): readonly Line[] {
  const instance = plan.instances.find(({ name }) => name === planned.name);
  if (instance === undefined) return [];
  const agent = `${instance.agent}${instance.model === undefined ? "" : ` ${instance.model}`}`;
  const needs = planned.needs.map((need) =>
    need.when === "success" ? need.instance : `${need.instance} (${need.when})`,
  );
  const facts = factsOf(instance);
  const wrapped = (label: string, text: string): readonly Line[] =>
    wrapText(text, columns - 12).map((each, at) => [
      span(`    ${(at === 0 ? label : "").padEnd(8)}`, "quiet"),
      span(each),
    ]);
  return [
    [span(`  ${planned.name}`, "strong"), span(`  ${agent}`, "quiet")],
    ...(needs.length === 0 ? [] : wrapped("needs", needs.join(", "))),
    ...wrapped("runs", planned.argv.map(exactWord).join(" ")),
    ...(planned.stdin_bytes === 0 ? [] : wrapped("input", counted(planned.stdin_bytes, "byte"))),
    ...(planned.files.length === 0 ? [] : wrapped("files", planned.files.join(", "))),
    ...wrapped("env", planned.env.join(" ")),
    ...(instance.cwd === plan.workspace ? [] : wrapped("in", instance.cwd)),
    ...(instance.isolation === undefined ? [] : wrapped("apart", isolationText(instance.isolation))),
    ...(facts.length === 0 ? [] : wrapped("with", facts.join("; "))),
  ];
}

function isolationText(isolation: Isolation): string {
  if (isolation.kind === "copy") return "in a copy of its own";
  const parts = [
    `in a worktree of its own, from ${isolation.base}`,
    isolation.link.length > 0 ? `linked: ${isolation.link.join(", ")}` : "",
    isolation.submodules ? "with submodules" : "",
    isolation.setup === undefined ? "" : `set up by ${setupText(isolation.setup)}`,
  ];
  return parts.filter((part) => part !== "").join("; ");
}

function setupText(setup: NonNullable<Extract<Isolation, { kind: "worktree" }>["setup"]>): string {
  return setup.kind === "command" ? setup.argv.map(exactWord).join(" ") : "a script";
}

function factsOf(instance: InstancePlan): readonly string[] {
  const { timeoutMs, idleTimeoutMs, firstEventTimeoutMs, retry, successWhen, priority } = instance;
  const parts = [
    instance.agent === "command" ? "" : `permissions ${instance.permissionMode}`,
    timeoutMs === undefined ? "" : `at most ${formatSettingDuration(timeoutMs)}`,
    idleTimeoutMs === undefined ? "" : `at most ${formatSettingDuration(idleTimeoutMs)} without output`,
    firstEventTimeoutMs === undefined ? "" : `first output within ${formatSettingDuration(firstEventTimeoutMs)}`,
    retry.attempts > 1 ? `up to ${retry.attempts} attempts` : "",
    successWhen.length > 0 ? counted(successWhen.length, "check") : "",
    priority === 0 ? "" : `priority ${priority}`,
    instance.continueOnFailure ? "its failure stops nothing" : "",
    instance.trustWorkspace ? "trusts the workspace" : "",
  ];
  return parts.filter((part) => part !== "");
}

const enforcementWords: Readonly<Record<BudgetLimit["enforcement"], string>> = {
  warn: "it is said, and everything goes on",
  block: "what runs of it is stopped, the rest is refused",
  pause: "nothing more of it starts until there is room again",
};

/** Who would go through the gateway, and who past it. */
function gatewayLines({ gateway }: Plan, planned: readonly PlannedInstance[], columns: number): readonly Line[] {
  if (gateway === undefined) return [];
  const told = (path: PlannedInstance["budget_path"], words: string): readonly Line[] => {
    const names = planned.filter((each) => each.budget_path === path).map(({ name }) => name);
    if (names.length === 0) return [];
    return wrapText(`${words}: ${names.join(", ")}`, columns - 2).map((each) => line(`  ${each}`));
  };
  const lines = [
    ...told("hard", "through it, so budgets hold before money is spent"),
    ...told("soft", "past it, counted after the fact"),
  ];
  return lines.length === 0 ? [] : [line(""), line("Gateway", "accent"), ...lines];
}

function afterwards({ enforcement, downgrade }: BudgetLimit): string {
  const words = `then ${enforcement}: ${enforcementWords[enforcement]}`;
  return downgrade === undefined ? words : `then with ${exactWord(downgrade)} from 80 % on, once; ${words}`;
}

function budgetLines(
  { limits, gateway, admission }: Plan,
  planned: readonly PlannedInstance[],
  isReplay: boolean,
): readonly Line[] {
  if (isReplay && limits.length === 0) return [line(""), line("A replay: nothing is spent", "quiet")];
  if (limits.length === 0) return [line(""), line("No budget: nothing limits what this may spend", "warn")];
  const isSomeSoft = gateway === undefined || planned.some((each) => each.budget_path === "soft");
  const isSomeHard = gateway !== undefined && planned.some((each) => each.budget_path === "hard");
  const promises = [
    ...(isSomeHard ? [hardPathSentence(limits)] : []),
    ...(isSomeSoft ? [isSomeHard ? `Past the gateway: ${overshootSentence}` : overshootSentence] : []),
  ];
  return [
    line(""),
    line("Budgets", "accent"),
    ...limits.map((limit) =>
      line(`  ${scopeText(limit.scope)}: ${formatAmount(limit.unit, limit.limit)}, ${afterwards(limit)}`),
    ),
    ...(admission === undefined ? [] : [line("  an instance starts only where the p90 of its forecast fits", "quiet")]),
    ...promises.map((each) => line(`  ${each}`, "quiet")),
  ];
}
