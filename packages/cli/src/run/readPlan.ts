import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { agents } from "@claude-orchestrator/agents";
import { nearest, planFromPrompts } from "@claude-orchestrator/config";
import type { PlanOverrides } from "@claude-orchestrator/config";
import { UserError } from "@claude-orchestrator/domain";
import type { BudgetLimit, PermissionMode, Plan } from "@claude-orchestrator/domain";
import type { FlagValues } from "../commands/command.ts";
import { readPairs } from "../commands/output.ts";
import type { planFlags } from "../commands/planFlags.ts";
import { cassetteWish } from "../gateway/cassette.ts";
import type { Io } from "../io/channel.ts";
import { overridePlan, readDuration } from "./overrides.ts";
import { readTarget } from "./target.ts";
import type { Target } from "./target.ts";
import { withoutSharedBudgets } from "./withoutSharedBudgets.ts";

export type PlanFlagValues = FlagValues<typeof planFlags>;

export interface ReadPlan {
  readonly plan: Plan;
  /** The file as given; absent for prompts. */
  readonly source?: string;
}

/**
 * The plan a command line asks for: the file's or the prompts', changed as the flags say.
 *
 * @throws UserError with everything that is wrong at once
 */
export async function readPlan(words: readonly string[], flags: PlanFlagValues, io: Io): Promise<ReadPlan> {
  const target = targetOf(words, flags, io.cwd);
  const plan = await planOf(target, flags, io);
  const changed = overridePlan(plan, {
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.timeout === undefined ? {} : { timeoutMs: aboveZero("timeout", readDuration("timeout", flags.timeout)) }),
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(flags["permission-mode"] === undefined ? {} : { permissionMode: flags["permission-mode"] as PermissionMode }),
    ...(flags["allowed-tools"] === undefined ? {} : { allowedTools: splitTools(flags["allowed-tools"]) }),
    ...(flags["max-turns"] === undefined ? {} : { maxTurns: whole("max-turns", flags["max-turns"]) }),
    ...(flags.only.length === 0 ? {} : { only: flags.only }),
  });
  const overridden = flags.replay === undefined ? changed : withoutSharedBudgets(changed);
  return target.kind === "file" ? { plan: overridden, source: target.shown } : { plan: overridden };
}

function targetOf(words: readonly string[], flags: PlanFlagValues, cwd: string): Target {
  if (flags.config !== undefined) {
    if (words.length > 0 || flags.prompt.length > 0) {
      throw new UserError("usage", "`--config` names a file, and so there can be no prompt beside it");
    }
    return { kind: "file", path: resolve(cwd, flags.config), shown: flags.config };
  }
  if (flags.prompt.length === 0) return readTarget(words, cwd);
  const target: Target = words.length === 0 ? { kind: "prompts", prompts: [] } : readTarget(words, cwd);
  if (target.kind === "file")
    throw new UserError("usage", `\`${target.shown}\` is a file, and so there can be no \`--prompt\` beside it`);
  return { kind: "prompts", prompts: [...target.prompts, ...flags.prompt] };
}

async function planOf(target: Target, flags: PlanFlagValues, io: Io): Promise<Plan> {
  const home = io.env["HOME"] ?? io.env["USERPROFILE"];
  const common = {
    workspace: io.cwd,
    ...(home === undefined ? {} : { home }),
    defaultConcurrency: Math.max(4, availableParallelism() * 2),
    overrides: overridesOf(flags, io),
  };
  if (target.kind === "prompts") {
    const agent = knownAgent(flags.agent ?? "claude");
    return planFromPrompts(target.prompts, {
      ...common,
      agent,
      ...(flags.name === undefined ? {} : { name: flags.name }),
    });
  }
  if (flags.agent !== undefined) {
    throw new UserError("usage", "`--agent` is for prompts: a file names the agent of each instance itself");
  }
  const knownAgents = agents.map(({ name }) => name);
  // Apart, since it brings the readers of YAML and the schema along: prompts need neither.
  const { readPlanFile } = await import("./planFile.ts");
  return readPlanFile(target, { ...common, directory: dirname(target.path), knownAgents });
}

function knownAgent(name: string): string {
  const known = agents.filter(({ program }) => program !== undefined).map((agent) => agent.name);
  if (known.includes(name)) return name;
  const near = nearest(name, known);
  throw new UserError("usage", `There is no agent \`${name}\` that takes prompts`, {
    hint: near === undefined ? `one of ${known.join(", ")}` : `did you mean \`${near}\`?`,
  });
}

function overridesOf(flags: PlanFlagValues, io: Io): PlanOverrides {
  const variables = Object.fromEntries(readPairs("var", flags.var));
  const budget = budgetOf(flags);
  return {
    ...(flags.workspace === undefined ? {} : { workspace: resolve(io.cwd, flags.workspace) }),
    ...(flags.concurrency === undefined ? {} : { concurrency: whole("concurrency", flags.concurrency) }),
    ...(flags["startup-delay"] === undefined
      ? {}
      : { startupDelayMs: readDuration("startup-delay", flags["startup-delay"]) }),
    ...(flags["start-at"] === undefined ? {} : { startAt: flags["start-at"] }),
    ...(cassetteWish(flags, io.cwd) === undefined ? {} : { gateway: true }),
    ...(flags.gateway === undefined ? {} : { gateway: flags.gateway === "on" }),
    ...(flags.telemetry === undefined ? {} : { telemetry: flags.telemetry === "on" }),
    ...(flags["metrics-port"] === undefined ? {} : { metricsPort: port("metrics-port", flags["metrics-port"]) }),
    ...(flags["trust-workspace"] ? { trustWorkspace: true } : {}),
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
    ...(Object.keys(budget).length === 0 ? {} : { budget }),
  };
}

function budgetOf(flags: PlanFlagValues): NonNullable<PlanOverrides["budget"]> {
  const onExceed = flags["on-exceed"] as BudgetLimit["enforcement"] | undefined;
  const commandTokens = commandAmounts("command-budget", flags["command-budget"]);
  const commandCostUsd = commandAmounts("command-cost-budget", flags["command-cost-budget"]);
  return {
    ...(flags["budget-tokens"] === undefined ? {} : { tokens: whole("budget-tokens", flags["budget-tokens"]) }),
    ...(flags["budget-usd"] === undefined ? {} : { costUsd: aboveZero("budget-usd", flags["budget-usd"]) }),
    ...(onExceed === undefined ? {} : { onExceed }),
    ...(flags["command-budget"].length === 0 ? {} : { commandTokens }),
    ...(flags["command-cost-budget"].length === 0 ? {} : { commandCostUsd }),
    ...(flags["disable-budget-visuals"] ? { hide: true } : {}),
  };
}

function commandAmounts(flag: string, words: readonly string[]): Readonly<Record<string, number>> {
  const pairs = [...readPairs(flag, words)];
  return Object.fromEntries(pairs.map(([command, amount]) => [command, aboveZero(flag, Number(amount))]));
}

function whole(flag: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new UserError("usage", `\`--${flag}\` needs a whole number of 1 or more, not ${value}`);
}

function port(flag: string, value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= 65_535) return value;
  throw new UserError("usage", `\`--${flag}\` needs a port from 1 to 65535, not ${value}`);
}

function aboveZero(flag: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new UserError("usage", `\`--${flag}\` needs a number above 0, not ${value}`);
}

/** Commas inside brackets belong to a tool: `Bash(git log:*, git diff:*), Read`. */
function splitTools(text: string): readonly string[] {
  return (text.match(/(?:[^,(]|\([^)]*\))+/g) ?? []).map((tool) => tool.trim()).filter((tool) => tool !== "");
}
