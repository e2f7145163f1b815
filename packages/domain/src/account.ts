import type { InstancePlan } from "./plan.ts";

/** What an agent signs in with, where a file sets it for an instance: keys, tokens, endpoints, folders of a sign-in. */
const signIn = /(KEY|TOKEN|AUTH|SECRET|PASS|CREDENTIAL|BASE_URL|ENDPOINT|CONFIG_DIR|HOME|PROFILE)/i;

/**
 * Which account an instance works on: its agent's, but for one that is given a sign-in of its own. A name for comparing, not for
 * showing. Of the plan as the log has it, where keys written into the file are masked: two of one name count as one account.
 */
export function accountOf({ agent, env }: InstancePlan): string {
  const own = Object.entries(env.values).filter(([name]) => signIn.test(name));
  return [agent, ...own.map(([name, value]) => `${name}=${value}`).toSorted()].join("\n");
}
