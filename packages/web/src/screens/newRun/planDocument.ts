import { formatAmount, formatSettingDuration } from "@claude-orchestrator/domain";
import type { BudgetLimit, InstancePlan, Plan, Work } from "@claude-orchestrator/domain";
import { scopeWords } from "../../data/budgetWords.ts";

/** What `plan` answers with, as far as it is shown. */
export interface PlanDocument {
  readonly plan: Plan;
  readonly instances: readonly {
    readonly name: string;
    readonly level: number;
    readonly needs: readonly { readonly instance: string; readonly when: string }[];
    readonly argv: readonly string[];
  }[];
}

export interface PlannedInstance {
  readonly name: string;
  /** Who works, and with which model. */
  readonly who: string;
  /** The beginning of what is asked. */
  readonly what: string;
  /** "after build and test"; "" where it waits for nothing. */
  readonly after: string;
  /** Its bounds: time, attempts, a folder of its own. */
  readonly bounds: readonly string[];
}

export interface Level {
  readonly number: number;
  readonly instances: readonly PlannedInstance[];
}

/** Those that can run side by side together, in the order they can begin. */
export function levelsOf({ plan, instances }: PlanDocument): readonly Level[] {
  const plans = new Map(plan.instances.map((each) => [each.name, each]));
  const levels = new Map<number, PlannedInstance[]>();
  for (const { name, level, needs } of instances) {
    const instance = plans.get(name);
    if (instance === undefined) continue;
    const at = levels.get(level) ?? [];
    at.push({
      name,
      who: [instance.agent, instance.model].filter((word) => word !== undefined).join(" "),
      what: workWords(instance.work),
      after: afterWords(needs),
      bounds: boundWords(instance),
    });
    levels.set(level, at);
  }
  return [...levels].toSorted(([a], [b]) => a - b).map(([number, at]) => ({ number, instances: at }));
}

const longestWhat = 140;

function workWords(work: Work): string {
  const text = { prompt: "text" in work ? work.text : "", argv: "argv" in work ? work.argv.join(" ") : "" };
  const whole = work.kind === "script" ? work.script : text[work.kind];
  const line = whole.trim().replaceAll(/\s+/g, " ");
  return line.length > longestWhat ? `${line.slice(0, longestWhat)}…` : line;
}

function afterWords(needs: PlanDocument["instances"][number]["needs"]): string {
  if (needs.length === 0) return "";
  const words = needs.map(({ instance, when }) => {
    if (when === "success") return instance;
    return when === "failure"
      ? `${instance} failed`
      : when === "always"
        ? `${instance}, however it ends`
        : `${instance} if ${when}`;
  });
  return `after ${words.join(", ")}`;
}

function boundWords({ timeoutMs, retry, isolation, continueOnFailure, successWhen }: InstancePlan): readonly string[] {
  return [
    timeoutMs === undefined ? "" : `at most ${formatSettingDuration(timeoutMs)}`,
    retry.attempts > 1 ? `${retry.attempts} attempts` : "",
    isolation === undefined ? "" : `a ${isolation.kind} of its own`,
    successWhen.length > 0 ? `${successWhen.length} ${successWhen.length === 1 ? "check" : "checks"}` : "",
    continueOnFailure ? "may fail" : "",
  ].filter((word) => word !== "");
}

const enforcementWords: Readonly<Record<BudgetLimit["enforcement"], string>> = {
  warn: "then it says so",
  block: "then what runs is stopped, the rest refused",
  pause: "then nothing more starts",
};

/** "the whole run: $2.0000, then …". */
export function limitWords({ scope, unit, limit, enforcement }: BudgetLimit): string {
  return `${scopeWords(scope)}: ${formatAmount(unit, limit)}, ${enforcementWords[enforcement]}`;
}
