import { fileURLToPath } from "node:url";
import { UserError } from "@claude-orchestrator/domain";
import { nodeProblem } from "../program/nodeVersion.ts";
import type { PlanOptions, PlanResult, RunHandle, RunOptions, Source } from "./contract.ts";

export { UserError };
export type {
  InstancePlan,
  JsonObject,
  JsonValue,
  LoggedEvent,
  Plan,
  RunEvent,
  RunOutcome,
  TokenUsage,
  UserErrorCode,
  Verdict,
  Verification,
} from "@claude-orchestrator/domain";
export type {
  InstanceResult,
  PlanOptions,
  PlanProblem,
  PlanResult,
  RunHandle,
  RunOptions,
  RunResult,
  Source,
  StopOptions,
} from "./contract.ts";

/** Put in by the build. */
declare const CLAUDE_ORCHESTRATOR_VERSION: string | undefined;

/**
 * What a run would do, and everything that is in its way, as `claude-orchestrator plan` finds it out. Starts nothing and keeps nothing.
 *
 * @throws UserError where an option says what cannot be, or there is no such file: what is wrong in the file is in the result
 */
export async function plan(source: Source, options: PlanOptions = {}): Promise<PlanResult> {
  refuseOldNode();
  // Apart: a program that only has a handle's types, or never comes to this line, pays nothing for us.
  const { planOf } = await import("./planOf.ts");
  return planOf(source, options);
}

/**
 * Begins a run as `claude-orchestrator run --detach` does, and settles once it is at work: in a process of its own, which this program
 * neither slows down nor takes along when it ends.
 *
 * @throws UserError where anything is wrong: then nothing was started
 */
export async function run(source: Source, options: RunOptions = {}): Promise<RunHandle> {
  refuseOldNode();
  const { beginRun } = await import("./beginRun.ts");
  return beginRun(source, options, [process.execPath, programPath()]);
}

/** @throws UserError usage: before anything is read that such a Node does not understand */
function refuseOldNode(): void {
  const problem = nodeProblem(process.versions.node, process.execPath);
  if (problem === undefined) return;
  const [sentence = "", hint = ""] = problem.split("\n\nhint: ");
  throw new UserError("usage", sentence.replace(/^error: /, ""), { hint: hint.trim() });
}

/** The program beside this file: a module that others share could stand elsewhere in the bundle. */
function programPath(): string {
  const isBundle = typeof CLAUDE_ORCHESTRATOR_VERSION === "string";
  return fileURLToPath(new URL(isBundle ? "./cli.mjs" : "../main.ts", import.meta.url));
}
