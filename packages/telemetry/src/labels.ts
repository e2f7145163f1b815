import type { BudgetScope, InstancePlan, Plan } from "@claude-orchestrator/domain";

const longestLabel = 200;

/**
 * What each instance is called outside: its name, as long as a person gave it one. A name that was made of what the instance
 * is asked is not told (a slash command is): `instance 3` stands for it, by its place in the plan.
 */
export function instanceLabels(plan: Plan, hasFile: boolean): ReadonlyMap<string, string> {
  const made = new Set(plan.instances.filter((instance) => isMadeOfWork(instance)).map(({ group }) => group));
  return new Map(
    plan.instances.map((instance, at) => {
      const isTold = isCommand(instance.name) || (hasFile && !made.has(instance.group));
      return [instance.name, isTold ? instance.name.toWellFormed().slice(0, longestLabel) : `instance ${at + 1}`];
    }),
  );
}

/** What a run is called outside: nothing where its name was made of a prompt. */
export function runLabel(plan: Plan, hasFile: boolean): string | undefined {
  return hasFile ? plan.name.toWellFormed().slice(0, longestLabel) : undefined;
}

/** A budget's scope in a few words. A command budget may be of a whole prompt: only a slash command is told. */
export function scopeLabel(scope: BudgetScope, labels: ReadonlyMap<string, string>): string {
  switch (scope.kind) {
    case "run":
      return "run";
    case "command":
      return isCommand(scope.command) ? `command ${scope.command}` : "command";
    case "instance":
      return `instance ${labels.get(scope.instance) ?? scope.instance}`.toWellFormed();
    case "attempt":
      return `attempts of ${labels.get(scope.instance) ?? scope.instance}`.toWellFormed();
    case "sub_agent":
      return `sub-agents of ${labels.get(scope.instance) ?? scope.instance}`.toWellFormed();
    case "window":
      return `window ${scope.windowMs / 1000}s`;
    case "machine":
      return `machine ${scope.windowMs / 1000}s`;
    case "day":
      return "day";
  }
}

function isCommand(text: string): boolean {
  return /^\/[\w:./-]{1,100}$/.test(text);
}

/** As config names an instance that has no name: by the beginning of what it is asked, and a number where that is taken. */
function isMadeOfWork({ group, work }: InstancePlan): boolean {
  const line = oneLine(textOf(work));
  const name = group.replace(/ \d+$/, "");
  if (name.endsWith("...") || group.endsWith("...") || group.includes("${{")) return true;
  return line !== "" && (group === line || name === line);
}

function textOf(work: InstancePlan["work"]): string {
  switch (work.kind) {
    case "prompt":
      return work.text;
    case "argv":
      return work.argv.join(" ");
    case "script":
      return work.script;
  }
}

function oneLine(text: string): string {
  return text
    .slice(0, 1000)
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}\p{Bidi_Control}]+/gu, " ")
    .trim();
}
