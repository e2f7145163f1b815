import { isJsonObject } from "@claude-orchestrator/domain";
import type { InstancePlan, JsonValue, Plan } from "@claude-orchestrator/domain";

/** Names that hold secrets, by the words people use for them. */
const secretName = /(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|AUTHORIZATION)/i;

/** Shorter values are left alone: they would match ordinary words, and no real key is that short. */
const shortestSecret = 8;

/**
 * A function that takes the secret values of an environment out of a text, for everything that goes into the log.
 * An agent that prints its key prints it into its raw output, which only the owner may read; an event never holds it.
 */
export function createRedactor(env: Readonly<Record<string, string>>): (text: string) => string {
  const secrets = Object.entries(env)
    .filter(([name, value]) => secretName.test(name) && value.length >= shortestSecret)
    .map(([name, value]) => ({ value, mask: `[${name}]` }));
  if (secrets.length === 0) return (text) => text;
  return (text) => {
    let clean = text;
    for (const { value, mask } of secrets) {
      if (clean.includes(value)) clean = clean.replaceAll(value, () => mask);
    }
    return clean;
  };
}

/**
 * The plan as it may be written down and shown: secrets that stand in the file itself, in what goes to processes (`env`,
 * `settings`, `mcp_config`), are masked by their names. Templates stay, they hold no secret yet.
 */
export function withoutSecrets(plan: Plan): Plan {
  return { ...plan, instances: plan.instances.map(instanceWithoutSecrets) };
}

function instanceWithoutSecrets(instance: InstancePlan): InstancePlan {
  const { env, settings, mcpConfig } = instance;
  const values = Object.entries(env.values).map(([name, value]) => [name, isSecret(name, value) ? `[${name}]` : value]);
  return {
    ...instance,
    env: { ...env, values: Object.fromEntries(values) },
    ...(settings === undefined ? {} : { settings: masked(settings) }),
    ...(mcpConfig === undefined ? {} : { mcpConfig: masked(mcpConfig) }),
  };
}

function masked(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((each: JsonValue) => masked(each));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, isSecret(name, each) ? `[${name}]` : masked(each)]),
  );
}

function isSecret(name: string, value: JsonValue): boolean {
  return typeof value === "string" && value.length >= shortestSecret && secretName.test(name) && !value.includes("${{");
}
