import { nearest } from "@claude-orchestrator/config";
import { UserError } from "@claude-orchestrator/domain";
import type { RunOptions } from "./contract.ts";

// An object, so that the compiler asks for each name there is.
const known: Readonly<Record<keyof RunOptions, true>> = {
  cwd: true,
  env: true,
  workspace: true,
  runsFolder: true,
  name: true,
  only: true,
  variables: true,
  concurrency: true,
  budgetUsd: true,
  budgetTokens: true,
  model: true,
  timeout: true,
  gateway: true,
  agentPaths: true,
  replay: true,
  trustWorkspace: true,
  startAt: true,
  signal: true,
};

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
