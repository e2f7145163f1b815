import { isJsonObject } from "@claude-orchestrator/domain";
import type { InstancePlan } from "@claude-orchestrator/domain";

/** Fields an agent may not know, each with how to see that a file uses it. */
const uses = {
  prompt: (plan) => plan.work.kind !== "prompt",
  pre_commands: (plan) => plan.work.kind === "prompt" && plan.work.before.length > 0,
  model: (plan) => plan.model !== undefined,
  fallback_model: (plan) => plan.fallbackModel !== undefined,
  effort: (plan) => plan.effort !== undefined,
  system_prompt: (plan) => plan.systemPrompt !== undefined,
  append_system_prompt: (plan) => plan.appendSystemPrompt !== undefined,
  max_turns: (plan) => plan.maxTurns !== undefined,
  add_dirs: (plan) => plan.addDirs.length > 0,
  mcp_config: (plan) => plan.mcpConfig !== undefined,
  allowed_tools: (plan) => plan.allowedTools !== undefined,
  disallowed_tools: (plan) => plan.disallowedTools !== undefined,
  settings: (plan) => plan.settings !== undefined,
  json_schema: (plan) => plan.jsonSchema !== undefined,
  session_id: (plan) => plan.session.id !== undefined && !plan.session.resume,
  resume: (plan) => plan.session.resume,
} satisfies Record<string, (plan: InstancePlan) => boolean>;

export type PlanField = keyof typeof uses;

/** Why an agent cannot honour a field, in words that follow "agent `x`: ". */
export type Unsupported = Readonly<Partial<Record<PlanField, string>>>;

/** One sentence for each field of `unsupported` that the instance uses. */
export function unsupportedFields(agent: string, instance: InstancePlan, unsupported: Unsupported): readonly string[] {
  return (Object.keys(uses) as PlanField[]).flatMap((field) => {
    const why = unsupported[field];
    return why === undefined || !uses[field](instance)
      ? []
      : [`\`${field}\` does not work with agent \`${agent}\`: ${why}`];
  });
}

/** Sentences for an agent that takes `settings` and `mcp_config` as objects only: in another form they would say nothing. */
export function unreadForms(agent: string, { settings, mcpConfig }: InstancePlan): readonly string[] {
  const isUnread = isJsonObject(mcpConfig)
    ? Object.keys(mcpConfig).length > 0 && !isJsonObject(mcpConfig["mcpServers"])
    : mcpConfig !== undefined;
  return [
    ...(settings === undefined || isJsonObject(settings)
      ? []
      : [`\`settings\` must be an object for agent \`${agent}\`: a path is not read`]),
    ...(isUnread ? [`\`mcp_config\` must be an object with \`mcpServers\` for agent \`${agent}\``] : []),
  ];
}
