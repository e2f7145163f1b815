import { askAgain, askForBudget, askToGoOn, askToPause, wishedBy } from "./asking.ts";
import { Conductor } from "./conductor.ts";
import type { EngineParts, ResumeRequest, RunControl, RunRequest } from "./door.ts";

/** Starts a run; everything that happens in it is told through `parts.log`. */
export function startRun(request: RunRequest, parts: EngineParts): RunControl {
  return controlOf(new Conductor(request, parts));
}

/**
 * Takes a run up again where its log ends, whatever ended its supervisor: attempts in flight are adopted or ended, settled
 * instances stay settled, budgets go on with what was spent. `parts.log` must go on with the numbers of that log.
 */
export function resumeRun(request: ResumeRequest, parts: EngineParts): RunControl {
  return controlOf(new Conductor(request, parts));
}

function controlOf(conductor: Conductor): RunControl {
  const done = conductor.run();
  return {
    done,
    stop: ({ force, signal, by }) =>
      conductor.stop({ kind: "user", ...(signal === undefined ? {} : { signal }), ...wishedBy(by) }, force),
    stopInstance: (name, { force, because, by }) =>
      conductor.stopInstance(
        name,
        force,
        because === undefined ? { kind: "user", ...wishedBy(by) } : { kind: "internal", message: because },
      ),
    pause: (by) => conductor.ask((state) => askToPause(state, by)),
    unpause: (by) => conductor.ask((state) => askToGoOn(state, by)),
    setBudget: (limit, by) => conductor.ask((state) => askForBudget(state, limit, by)),
    retry: (wanted, by) => conductor.ask((state, needs) => askAgain(state, needs, { wanted, by })),
  };
}
