import { UserError } from "@claude-orchestrator/domain";
import { run } from "../commands/run.ts";
import { parseArguments } from "../program/parse.ts";
import type { RunFlagValues } from "../run/runFleet.ts";
import type { RunOptions } from "./contract.ts";

/**
 * What a program asks for, as the flags of a command line that means the same. A value follows its flag after `=`, so that none can
 * become a flag itself.
 *
 * @throws UserError usage
 */
export function runFlagsOf(file: string, options: RunOptions): RunFlagValues {
  const words = [
    `--config=${file}`,
    ...flag("workspace", options.workspace),
    ...flag("runs-dir", options.runsFolder),
    ...flag("name", options.name),
    ...flag("concurrency", options.concurrency),
    ...flag("budget-usd", options.budgetUsd),
    ...flag("budget-tokens", options.budgetTokens),
    ...flag("model", options.model),
    ...flag("timeout", options.timeout),
    ...flag("start-at", options.startAt),
    ...flag("replay", options.replay),
    ...flag("gateway", options.gateway === undefined ? undefined : options.gateway ? "on" : "off"),
    ...list("only", options.only),
    ...pairs("var", options.variables),
    ...pairs("agent-path", options.agentPaths),
    ...(options.trustWorkspace === true ? ["--trust-workspace"] : []),
    "--detach",
    "--json",
  ];
  const parsed = parseArguments(["run", ...words], [run]);
  if (parsed.kind === "help") throw new Error("these words ask for no help");
  return parsed.flags as unknown as RunFlagValues;
}

function flag(name: string, value: string | number | undefined): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === "string" || typeof value === "number") return [`--${name}=${value}`];
  // A program without types may hand over anything, and `[object Object]` would be taken for a name.
  throw new UserError("usage", `\`--${name}\` needs a text or a number, not ${typeof value}`);
}

function list(name: string, values: readonly string[] = []): readonly string[] {
  if (Array.isArray(values)) return values.map((value) => `--${name}=${String(value)}`);
  throw new UserError("usage", `\`--${name}\` needs a list, not ${typeof values}`);
}

function pairs(name: string, values: Readonly<Record<string, unknown>> = {}): readonly string[] {
  return Object.entries(values).map(([key, value]) => `--${name}=${key}=${String(value)}`);
}
