import type { Asked, Routes } from "@claude-orchestrator/protocol";
import { run } from "../commands/run.ts";
import { parseArguments } from "../program/parse.ts";
import type { RunFlagValues } from "../run/runFleet.ts";

type Wish = Asked<Routes["startRun"]>["body"];

/**
 * What was asked for, as the words of a command line that means the same. A value follows its flag after `=`, so that none can become
 * a flag itself.
 *
 * @param file the file, where it is not one the wish names
 * @throws UserError usage
 */
export function runFlagsOf(wish: Wish, file: string | undefined, runsFolder: string): RunFlagValues {
  const { workspace, name, agent, concurrency } = wish;
  const words = [
    ...textFlag("config", file),
    ...(file === undefined ? (wish.prompts ?? []).map((prompt) => `--prompt=${prompt}`) : []),
    ...textFlag("workspace", workspace),
    ...textFlag("name", name),
    ...textFlag("agent", agent),
    ...textFlag("concurrency", concurrency),
    ...textFlag("budget-usd", wish.budget_usd),
    ...textFlag("budget-tokens", wish.budget_tokens),
    ...(wish.only ?? []).map((instance) => `--only=${instance}`),
    ...Object.entries(wish.variables ?? {}).map(([variable, value]) => `--var=${variable}=${value}`),
    `--runs-dir=${runsFolder}`,
    "--detach",
    "--json",
  ];
  const parsed = parseArguments(["run", ...words], [run]);
  if (parsed.kind === "help") throw new Error("these words ask for no help");
  return parsed.flags as unknown as RunFlagValues;
}

function textFlag(flag: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [`--${flag}=${value}`];
}
