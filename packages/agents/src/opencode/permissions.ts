import type { InstancePlan, JsonObject } from "@claude-orchestrator/domain";

type Action = "allow" | "deny";

/** Looks, and nothing else: what every mode may do. */
const looking = {
  "*": "deny",
  read: "allow",
  glob: "allow",
  grep: "allow",
  list: "allow",
  todowrite: "allow",
} as const;

/** Tools that opencode guards by one permission. */
const permissionOf: Readonly<Record<string, string>> = {
  write: "edit",
  patch: "edit",
  apply_patch: "edit",
  multiedit: "edit",
};

/**
 * The `permission` of opencode's configuration. It never says `ask`: without a terminal a question is answered with no, which
 * ends the run, whereas after a refusal the model goes on.
 */
export function permissionConfig(instance: InstancePlan): JsonObject {
  const rules: Record<string, Action | Record<string, Action>> = { ...byMode(instance) };
  for (const tool of instance.allowedTools ?? []) grant(rules, tool, "allow");
  for (const tool of instance.disallowedTools ?? []) grant(rules, tool, "deny");
  return rules;
}

function byMode({ permissionMode }: InstancePlan): Record<string, Action> {
  if (permissionMode === "bypassPermissions") return { "*": "allow" };
  return permissionMode === "acceptEdits" ? { ...looking, edit: "allow" } : { ...looking };
}

/** `bash(git *)` speaks of calls that fit the pattern; of several rules that fit, opencode takes the last. */
function grant(rules: Record<string, Action | Record<string, Action>>, tool: string, action: Action): void {
  const [, name = tool, pattern] = /^([^(]+)\(([\s\S]*)\)$/.exec(tool) ?? [];
  const key = permissionOf[name.toLowerCase()] ?? name.toLowerCase();
  const before = rules[key] ?? rules["*"] ?? "deny";
  // Deleted first, so that it comes after a `*` written earlier.
  delete rules[key];
  if (pattern === undefined) rules[key] = action;
  else rules[key] = { ...(typeof before === "string" ? { "*": before } : before), [pattern]: action };
}
