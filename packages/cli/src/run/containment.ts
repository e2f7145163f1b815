import { UserError } from "@claude-orchestrator/domain";
import type { ContainmentWish } from "@claude-orchestrator/host";

const variable = "CLAUDE_ORCHESTRATOR_CONTAINMENT";

/**
 * How processes are to be kept together: the best this machine can, unless the environment says otherwise.
 *
 * @throws UserError usage
 */
export function containmentWish(env: Readonly<Record<string, string | undefined>>): ContainmentWish {
  const value = env[variable] ?? "";
  if (value === "" || value === "best") return "best";
  if (value === "sweep") return "sweep";
  throw new UserError("usage", `${variable} is \`${value}\`, which means nothing`, {
    hint: `leave it unset for the best this machine can, or set \`${variable}=sweep\` for no PID namespaces`,
  });
}
