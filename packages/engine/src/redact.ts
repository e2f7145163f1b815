import { isJsonObject } from "@claude-orchestrator/domain";
import type { InstancePlan, JsonValue, Plan } from "@claude-orchestrator/domain";

/** Names that hold secrets, by the words people use for them. */
const secretName = /(KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|COOKIE|PRIVATE|DSN|DATABASE_URL|CONNECTION_STRING)/i;

/** Names that only look like it: they hold folders, sockets and programs, which would be masked everywhere. */
const harmlessName = /^(PWD|OLDPWD|SSH_AUTH_SOCK|SSH_ASKPASS|GIT_ASKPASS|XAUTHORITY|.*_(FILE|DIR|PATH|SOCK))$/i;

/** Shorter values are left alone: they would match ordinary words, and no real key is that short. */
const shortestSecret = 8;

/**
 * A function that takes the secret values of environments out of a text, for everything that goes into the log.
 * An agent that prints its key prints it into its raw output, which only the owner may read; an event never holds it.
 */
export function createRedactor(...envs: readonly Readonly<Record<string, string>>[]): (text: string) => string {
  const secrets = envs
    .flatMap((env) => Object.entries(env))
    .filter(([name, value]) => isSecret(name, value))
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
  const redact = createRedactor(env.values);
  const values = Object.entries(env.values).map(([name, value]) => [name, isSecret(name, value) ? `[${name}]` : value]);
  return {
    ...(redacted(instance, redact) as InstancePlan),
    // A name is how the instance is found again: it stays as it is.
    name: instance.name,
    group: instance.group,
    needs: instance.needs,
    env: { ...env, values: Object.fromEntries(values) },
    ...(settings === undefined ? {} : { settings: masked(settings) }),
    ...(mcpConfig === undefined ? {} : { mcpConfig: masked(mcpConfig) }),
  };
}

/** The same value with every text in it gone through `redact`. */
function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((each: unknown) => redacted(each, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, redacted(each, redact)]));
}

function masked(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((each: JsonValue) => masked(each));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, isSecret(name, each) ? `[${name}]` : masked(each)]),
  );
}

function isSecret(name: string, value: JsonValue): boolean {
  return typeof value === "string" && value.length >= shortestSecret && isSecretName(name) && !value.includes("${{");
}

function isSecretName(name: string): boolean {
  return secretName.test(name) && !harmlessName.test(name);
}
