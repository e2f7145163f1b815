import { defaultUsagePolicy } from "@claude-orchestrator/domain";
import type { InstancePlan, InstanceState, RunEvent, RunState, UsagePolicy } from "@claude-orchestrator/domain";
import { attemptsMade } from "./attemptsMade.ts";
import type { EngineParts, ResumeRequest, RunRequest } from "./door.ts";
import { downgradeAfter } from "./downgrade.ts";
import { decideRetry } from "./retry.ts";
import type { RetryDecision } from "./retry.ts";
import { afterLimit } from "./usageGuard.ts";
import type { AttemptVerdict } from "./verdict.ts";

export interface Again extends RetryDecision {
  /** What must be in the log before it is. */
  readonly first?: RunEvent;
}

/** Whether an instance is tried again after an attempt: of what its state and the plan say, on the run's clock. */
export class Retrying {
  readonly #history: RunState | undefined;
  readonly #usage: UsagePolicy;
  readonly #parts: Pick<EngineParts, "clock" | "random" | "agents">;

  constructor(request: RunRequest | ResumeRequest, parts: Pick<EngineParts, "clock" | "random" | "agents">) {
    this.#history = "history" in request ? request.history : undefined;
    this.#usage = request.plan.usage ?? defaultUsagePolicy;
    this.#parts = parts;
  }

  /**
   * Undefined where it is not.
   *
   * @param isFree whether the budgets let it start
   */
  after(run: RunState, instance: InstancePlan, ended: AttemptVerdict, isFree: () => boolean): Again | undefined {
    const state = run.instances.get(instance.name);
    if (state === undefined) return undefined;
    const again = this.#decide(state, instance, ended);
    // Where nothing more of it may start, a cheaper model may not either.
    if (again !== undefined || ended.verdict !== "budget_exceeded" || !isFree()) return again;
    const first = downgradeAfter(run, instance, this.#parts.agents);
    const reason = `it goes on with a cheaper model: ${ended.reason}`;
    return first === undefined ? undefined : { delayMs: 0, reason, resume: true, first };
  }

  #decide(
    state: InstanceState,
    instance: InstancePlan,
    { verdict, failure }: AttemptVerdict,
  ): RetryDecision | undefined {
    const { clock, random } = this.#parts;
    if (verdict === "stopped" && this.#wasStoppedBefore(state)) {
      return { delayMs: 0, reason: "it was being stopped when the run was taken up again", resume: true };
    }
    const made = attemptsMade(state, this.#usage);
    const recent = state.attempts.slice(state.attemptsBefore);
    const limit = afterLimit(this.#usage, recent, clock.wall(), random());
    return decideRetry(instance, { verdict, failure, made, limit }, clock.wall(), random());
  }

  /** True for an attempt of which only the earlier supervisor, about to stop the whole run, asked that it end. */
  #wasStoppedBefore({ attempts }: InstanceState): boolean {
    return this.#history?.phase.status === "stopping" && attempts.at(-1)?.adopted === true;
  }
}
