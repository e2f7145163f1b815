import { renderTemplate } from "@claude-orchestrator/domain";
import type { InstancePlan, JsonObject, Work } from "@claude-orchestrator/domain";

/**
 * The instance with every template filled in from `scope`. Throws ExpressionError where one cannot be: config has checked
 * the syntax, so that is a value of the wrong kind. A script is not a template: values reach it by `env` only.
 */
export function renderInstance(instance: InstancePlan, scope: JsonObject): InstancePlan {
  const fill = (text: string): string => renderTemplate(text, scope);
  const { systemPrompt, appendSystemPrompt } = instance;
  return {
    ...instance,
    work: renderWork(instance.work, fill),
    ...(systemPrompt === undefined ? {} : { systemPrompt: fill(systemPrompt) }),
    ...(appendSystemPrompt === undefined ? {} : { appendSystemPrompt: fill(appendSystemPrompt) }),
    env: {
      ...instance.env,
      values: Object.fromEntries(Object.entries(instance.env.values).map(([name, value]) => [name, fill(value)])),
    },
  };
}

/** What an agent is asked whose work was cut off: the session holds what it did, the task is told again in case it does not. */
export function askToGoOn(instance: InstancePlan): InstancePlan {
  if (instance.work.kind !== "prompt") return instance;
  const text = `Your work on the following task was interrupted. What you have done so far stands: look at what is there, and go on from it to the end.\n\nThe task: ${instance.work.text}`;
  return { ...instance, work: { kind: "prompt", text, before: [] } };
}

function renderWork(work: Work, fill: (text: string) => string): Work {
  switch (work.kind) {
    case "prompt":
      return { ...work, text: fill(work.text), before: work.before.map(fill) };
    case "argv":
      return { ...work, argv: work.argv.map(fill) };
    case "script":
      return work;
  }
}
