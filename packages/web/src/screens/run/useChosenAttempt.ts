import type { AttemptState, RunState } from "@claude-orchestrator/domain";
import { useAddress } from "../../data/useAddress.ts";
import { useParam } from "../../data/useParam.ts";

export interface ChosenAttempt {
  /** Undefined only for a run without instances. */
  readonly instance: string | undefined;
  /** Undefined where it has not begun. */
  readonly attempt: AttemptState | undefined;
  readonly choose: (instance: string, attempt?: number) => void;
}

/** The instance and attempt that the address names; else the first that failed, that runs, that is there; its last attempt. */
export function useChosenAttempt(state: RunState): ChosenAttempt {
  const [instanceText] = useParam("instance");
  const [attemptText] = useParam("attempt");
  const { go } = useAddress();
  const instances = [...state.instances.values()];
  const instance =
    state.instances.get(instanceText) ??
    instances.find(({ phase }) => phase.status === "settled" && !["succeeded", "skipped"].includes(phase.verdict)) ??
    instances.find(({ phase }) => phase.status === "running") ??
    instances.find(({ attempts }) => attempts.length > 0) ??
    instances[0];
  const attempts = instance?.attempts ?? [];
  return {
    instance: instance?.name,
    attempt: attempts.find(({ number }) => String(number) === attemptText) ?? attempts.at(-1),
    // A line is one of the attempt before.
    choose: (name, attempt) => go({ instance: name, attempt, line: undefined }),
  };
}
