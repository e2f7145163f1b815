import type { InstancePlan, InstanceState, RunState } from "@claude-orchestrator/domain";
import type { EngineParts, ResumeRequest, RunRequest } from "./door.ts";
import { asDowngraded } from "./downgrade.ts";
import { prepareAttempt } from "./prepareAttempt.ts";
import type { PreparedAttempt } from "./prepareAttempt.ts";
import { scopeOf } from "./scope.ts";
import { sessionToResume } from "./sessions.ts";
import type { SessionToResume } from "./sessions.ts";

type Prepared = PreparedAttempt | { readonly problem: string };

/** Makes of the plan and the log whatever an instance's attempts need: the next one, and one an earlier supervisor left. */
export class Preparing {
  readonly #request: RunRequest | ResumeRequest;
  readonly #parts: EngineParts;

  constructor(request: RunRequest | ResumeRequest, parts: EngineParts) {
    this.#request = request;
    this.#parts = parts;
  }

  /** The attempt after those it has made; a sentence where a value of it cannot be filled in. */
  next(state: RunState, instance: InstancePlan): Prepared {
    const number = nextNumber(state.instances.get(instance.name));
    return prepareAttempt(this.#request, this.#parts, {
      instance: asDowngraded(state, instance),
      number,
      scope: scopeOf(state, instance, number),
      resume: this.session(state, instance),
    });
  }

  /** The last attempt it has made, as it was prepared when it began; undefined where there is none. */
  last(state: RunState, instance: InstancePlan): Prepared | undefined {
    const made = state.instances.get(instance.name)?.attempts ?? [];
    const begun = made.at(-1);
    if (begun === undefined) return undefined;
    return prepareAttempt(this.#request, this.#parts, {
      instance: asDowngraded(state, instance),
      number: begun.number,
      scope: scopeOf(state, instance, begun.number),
      resume: sessionToResume(state, instance, made.slice(0, -1), this.#canResume(instance)),
      begun,
    });
  }

  /** The session its next attempt goes on with. */
  session(state: RunState, instance: InstancePlan): SessionToResume | undefined {
    const made = state.instances.get(instance.name)?.attempts ?? [];
    return sessionToResume(state, instance, made, this.#canResume(instance));
  }

  #canResume(instance: InstancePlan): boolean {
    return this.#parts.agents.get(instance.agent)?.capabilities.resume === true;
  }
}

export function nextNumber(state: InstanceState | undefined): number {
  return (state?.attempts.at(-1)?.number ?? 0) + 1;
}
