import type { InstancePlan } from "@claude-orchestrator/domain";

const editTools = ["replace", "write_file"];

/**
 * Rules for the CLI's policy engine. In an untrusted folder it takes no approval mode, and without a terminal it offers the
 * model no tool that would need a question: what `permission_mode` and `allowed_tools` grant is granted here.
 */
export function policyRules(instance: InstancePlan): string {
  return [
    ...grants(instance),
    ...(instance.allowedTools ?? []).map((tool) => rule(tool, "allow", 910)),
    ...(instance.disallowedTools ?? []).map((tool) => rule(tool, "deny", 920)),
  ].join("\n");
}

function grants({ permissionMode, trustWorkspace }: InstancePlan): readonly string[] {
  if (trustWorkspace) return [];
  if (permissionMode === "bypassPermissions") return [rule("*", "allow", 900)];
  return permissionMode === "acceptEdits" ? editTools.map((tool) => rule(tool, "allow", 900)) : [];
}

/** `run_shell_command(git status)` speaks of commands that begin so. */
function rule(tool: string, decision: "allow" | "deny", priority: number): string {
  const [, name = tool, prefix] = /^([^(]+)\(([\s\S]*)\)$/.exec(tool) ?? [];
  return [
    "[[rule]]",
    `toolName = ${JSON.stringify(name)}`,
    ...(prefix === undefined ? [] : [`commandPrefix = ${JSON.stringify(prefix)}`]),
    `decision = "${decision}"`,
    `priority = ${priority}`,
    ...(decision === "allow" ? ["allowRedirection = true"] : []),
    "",
  ].join("\n");
}
