import type { AgentEvent } from "@claude-orchestrator/domain";
import type { CheckAnswer, CheckRunner, WorkspaceSnapshot } from "./ports.ts";
import type { PreparedAttempt } from "./prepareAttempt.ts";

/** A check is given up after this. */
const checkTimeoutMs = 10 * 60_000;

export interface ChecksToAsk {
  /** The agent's last word. */
  readonly finished: Extract<AgentEvent, { type: "finished" }> | undefined;
  /** What the workspace was like before the attempt, where a check compares. */
  readonly before: WorkspaceSnapshot | undefined;
  /** Settles where nobody waits for the answers any more. */
  readonly cancelled: Promise<void>;
  /** False once something else speaks against success. */
  deserves(): boolean;
  /** Told each answer. */
  answered(answer: CheckAnswer): void;
}

/** Asks `success_when` one after the other; nothing is asked after the first that is refuted. */
export async function askChecks(
  { instance, spec }: PreparedAttempt,
  checks: CheckRunner,
  { finished, before, cancelled, deserves, answered }: ChecksToAsk,
): Promise<readonly CheckAnswer[]> {
  const answers: CheckAnswer[] = [];
  for (const acceptance of instance.successWhen) {
    if (!deserves()) return answers;
    const answer = await checks.run(acceptance, {
      cwd: spec.cwd,
      env: spec.env,
      marker: spec.marker,
      ...(finished?.result === undefined ? {} : { result: finished.result }),
      ...(finished?.structured === undefined ? {} : { structured: finished.structured }),
      ...(before === undefined ? {} : { before }),
      timeoutMs: checkTimeoutMs,
      cancelled,
    });
    answers.push(answer);
    answered(answer);
    if (!answer.ok) return answers;
  }
  return answers;
}

/** What the workspace is like now, where a check of the instance will compare. */
export async function snapshotBefore(
  { instance, spec }: PreparedAttempt,
  checks: CheckRunner,
): Promise<WorkspaceSnapshot | undefined> {
  const asked = instance.successWhen.some((check) => check.kind === "workspace_changed");
  return asked ? checks.snapshot(spec.cwd) : undefined;
}
