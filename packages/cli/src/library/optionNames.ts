import { nearest } from "@claude-orchestrator/config";
import { UserError } from "@claude-orchestrator/domain";
import type { RunOptions } from "./contract.ts";

// An object, so that the compiler asks for each name there is. Beside it stands the flag that means the same, where there is one.
const known: Readonly<Record<keyof RunOptions, string | undefined>> = {
  cwd: undefined,
  env: undefined,
  workspace: "workspace",
  runsFolder: "runs-dir",
  name: "name",
  only: "only",
  variables: "var",
  concurrency: "concurrency",
  budgetUsd: "budget-usd",
  budgetTokens: "budget-tokens",
  model: "model",
  timeout: "timeout",
  gateway: "gateway",
  agentPaths: "agent-path",
  replay: "replay",
  trustWorkspace: "trust-workspace",
  startAt: "start-at",
  signal: undefined,
};

/** How a program names what a flag of the command line says; undefined where it has no such option. */
export function optionOfFlag(flag: string): string | undefined {
  return Object.entries(known).find(([, name]) => name === flag)?.[0];
}

/**
 * A program without types may write `budgetUSD`, and its run would have no budget.
 *
 * @throws UserError usage, for an option there is not
 */
export function refuseUnknownOptions(options: object): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  const names = Object.keys(known);
  const near = nearest(unknown, names);
  const hint = near === undefined ? `the options are ${names.join(", ")}` : `did you mean \`${near}\`?`;
  throw new UserError("usage", `There is no option \`${unknown}\``, { hint });
}
