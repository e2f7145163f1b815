import {
  escapeTemplate,
  type EnvPlan,
  type InstancePlan,
  type JsonObject,
  type JsonValue,
  type Need,
  type SessionPlan,
} from "@claude-orchestrator/domain";
import { checkJsonSchema } from "../check/checkJsonSchema.ts";
import { checkExpression, checkTemplate, type TemplateScope } from "../check/checkTemplate.ts";
import { parseWhen } from "../check/parseWhen.ts";
import { commandKeyOf, defaultDescription } from "../expand/commandKey.ts";
import { fieldPath, type Draft } from "../expand/draft.ts";
import { filled } from "../filled.ts";
import { resolvePath } from "../resolvePath.ts";
import { quoted } from "../shown.ts";
import { nearest, suggestion } from "../suggestions.ts";
import type { Path } from "../source/sourceNode.ts";
import type { PlanContext } from "./context.ts";
import { toMilliseconds } from "./durations.ts";
import { toAcceptances } from "./toAcceptance.ts";
import { toIsolation } from "./toIsolation.ts";
import { toRetry } from "./toRetry.ts";
import { agentOf, askedText, startsWithClear, toWork } from "./toWork.ts";

/** The instance of the plan that a draft describes. Reports all that is wrong with it; the answer then is of no use. */
export function toInstance(draft: Draft, context: PlanContext): InstancePlan {
  const { fields } = draft;
  const scope: TemplateScope = {
    needs: draft.needs.map((need) => need.instance),
    matrix: draft.matrix,
    variables: context.variables,
    names: context.names,
  };
  return {
    ...identity(draft),
    agent: knownAgent(draft, context),
    work: toWork(draft, scope, context),
    ...plainFields(draft, scope, context),
    addDirs: toPaths(draft, context),
    ...configFields(draft, context),
    permissionMode: fields.permission_mode ?? "default",
    outputFormat: fields.output_format ?? "stream-json",
    session: toSession(draft),
    env: toEnv(draft, scope, context),
    cwd: toPath(fields.cwd ?? ".", fieldPath(draft, "cwd", context.reporter), context),
    ...toIsolation(draft, context),
    needs: toNeeds(draft, scope, context),
    ...timeouts(draft, context),
    retry: toRetry(draft, context),
    priority: fields.priority ?? 0,
    continueOnFailure: fields.continue_on_failure ?? false,
    successWhen: toAcceptances(draft, context),
    ...(fields.agent_config === "own" ? { agentConfig: "own" as const } : {}),
    trustWorkspace: fields.trust_workspace ?? context.trustWorkspace,
  };
}

type Identity = Pick<InstancePlan, "name" | "group" | "description" | "matrix" | "commandKey">;

function identity(draft: Draft): Identity {
  const { name, group, matrix, fields } = draft;
  const text = askedText(draft);
  const described = text === undefined ? undefined : defaultDescription(text);
  const commandKey = text === undefined ? undefined : commandKeyOf(text);
  return { name, group, ...filled({ description: fields.description ?? described, matrix, commandKey }) };
}

/** Whether a session is continued is known only once all instances are. */
function toSession(draft: Draft): SessionPlan {
  const { session_id: id, clear_history: clear } = draft.fields;
  return { ...filled({ id }), resume: false, clear: clear === true || startsWithClear(draft) };
}

function knownAgent(draft: Draft, context: PlanContext): string {
  const agent = agentOf(draft);
  const { knownAgents } = context.options;
  if (!knownAgents.includes(agent)) {
    const path = fieldPath(draft, "agent", context.reporter);
    context.reporter.at(path, `there is no agent ${quoted(agent)}`, { hint: suggestion(agent, knownAgents) });
  }
  return agent;
}

type PlainFields = Pick<
  InstancePlan,
  | "model"
  | "fallbackModel"
  | "effort"
  | "systemPrompt"
  | "appendSystemPrompt"
  | "maxTurns"
  | "allowedTools"
  | "disallowedTools"
>;

function plainFields(draft: Draft, scope: TemplateScope, { reporter }: PlanContext): PlainFields {
  const { fields } = draft;
  const { system_prompt: systemPrompt, append_system_prompt: appendSystemPrompt } = fields;
  for (const field of ["system_prompt", "append_system_prompt"] as const) {
    checkTemplate(fields[field] ?? "", fieldPath(draft, field, reporter), scope, reporter);
  }
  const { allowed_tools: allowed, disallowed_tools: disallowed } = fields;
  return filled({
    model: fields.model,
    fallbackModel: fields.fallback_model,
    effort: fields.effort,
    systemPrompt,
    appendSystemPrompt,
    maxTurns: fields.max_turns,
    allowedTools: allowed === undefined ? undefined : toolList(allowed),
    disallowedTools: disallowed === undefined ? undefined : toolList(disallowed),
  });
}

/** One text is a list with commas; a comma inside parentheses belongs to the tool: `Bash(git log:*, ls), Read`. */
export function toolList(tools: string | readonly string[]): readonly string[] {
  if (typeof tools !== "string") return tools;
  return tools
    .split(/,(?![^()]{0,1000}\))/)
    .map((tool) => tool.trim())
    .filter((tool) => tool !== "");
}

function toPath(written: string, path: Path, { workspace, options, reporter }: PlanContext): string {
  const resolved = resolvePath(workspace, written, options.home);
  if (resolved === undefined) reporter.at(path, "`~` is not known here", { hint: "write the path out" });
  return resolved ?? workspace;
}

function toPaths(draft: Draft, context: PlanContext): readonly string[] {
  const given = draft.fields.add_dirs ?? [];
  const path = fieldPath(draft, "add_dirs", context.reporter);
  if (typeof given === "string") return [toPath(given, path, context)];
  return given.map((folder, at) => toPath(folder, [...path, at], context));
}

function configFields(draft: Draft, context: PlanContext): Pick<InstancePlan, "mcpConfig" | "settings" | "jsonSchema"> {
  const { mcp_config: mcpConfig, settings, json_schema: schema } = draft.fields;
  const resolved = (value: unknown, field: string): JsonValue | undefined =>
    typeof value === "string"
      ? toPath(value, fieldPath(draft, field, context.reporter), context)
      : (value as JsonObject | undefined);
  if (schema !== undefined) {
    checkJsonSchema(schema as JsonObject, fieldPath(draft, "json_schema", context.reporter), context.reporter);
  }
  return filled({
    mcpConfig: resolved(mcpConfig, "mcp_config"),
    settings: resolved(settings, "settings"),
    jsonSchema: schema as JsonObject | undefined,
  });
}

function toEnv(draft: Draft, scope: TemplateScope, { reporter, isOldShape }: PlanContext): EnvPlan {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(draft.fields.env ?? {})) {
    if (value === null) continue;
    const text = String(value);
    values[name] = isOldShape ? escapeTemplate(text) : text;
    checkTemplate(text, fieldPath(draft, ["env", name], reporter), scope, reporter);
  }
  return { values, pass: [...new Set(draft.fields.pass_env)] };
}

function toNeeds(draft: Draft, scope: TemplateScope, { reporter }: PlanContext): readonly Need[] {
  const needs = new Map<string, Need>();
  for (const { instance, when: written, path } of draft.needs) {
    const { when, shift } = parseWhen(written);
    if (typeof when === "object") {
      const place = [...(path ?? []), "when"];
      const word = nearest(written, ["success", "failure", "always"]);
      if (/^\s*[\w-]+\s*$/.test(written) && word !== undefined) {
        reporter.at(place, `${quoted(written)} is not a condition`, { hint: `did you mean \`${word}\`?` });
      } else checkExpression(when.expression, { path: place, shift }, scope, reporter);
    }
    if (needs.has(instance) && path !== undefined) {
      reporter.at(path, `${quoted(instance)} is needed twice`, { hint: "keep one of the two" });
    }
    needs.set(instance, { instance, when });
  }
  return [...needs.values()];
}

function timeouts(
  draft: Draft,
  { reporter }: PlanContext,
): Pick<InstancePlan, "timeoutMs" | "idleTimeoutMs" | "firstEventTimeoutMs"> {
  const { timeout, idle_timeout: idle, first_event_timeout: first } = draft.fields;
  const read = (written: string | number | undefined, field: string): number | undefined =>
    written === undefined
      ? undefined
      : toMilliseconds(written, fieldPath(draft, field, reporter), reporter, "above-zero");
  return filled({
    timeoutMs: read(timeout, "timeout"),
    idleTimeoutMs: read(idle, "idle_timeout"),
    firstEventTimeoutMs: read(first, "first_event_timeout"),
  });
}
