import { defaultUsagePolicy } from "@claude-orchestrator/domain";
import type { InstancePlan, InstanceState, RunState, UsagePolicy } from "@claude-orchestrator/domain";
import { attemptsMade } from "./attemptsMade.ts";
import type { EngineParts, ResumeRequest, RunRequest } from "./door.ts";
import { decideRetry } from "./retry.ts";
import type { RetryDecision } from "./retry.ts";
import { afterLimit } from "./usageGuard.ts";
import type { AttemptVerdict } from "./verdict.ts";

/** Whether an instance is tried again after an attempt: of what its state and the plan say, on the run's clock. */
export class Retrying {
  readonly #history: RunState | undefined;
  readonly #usage: UsagePolicy;
  readonly #parts: Pick<EngineParts, "clock" | "random">;

  constructor(request: RunRequest | ResumeRequest, parts: Pick<EngineParts, "clock" | "random">) {
    this.#history = "history" in request ? request.history : undefined;
    this.#usage = request.plan.usage ?? defaultUsagePolicy;
    this.#parts = parts;
  }

  /** Undefined where it is not. */
  after(
    state: InstanceState | undefined,
    instance: InstancePlan,
    { verdict, failure }: AttemptVerdict,
  ): RetryDecision | undefined {
    if (state === undefined) return undefined;
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
