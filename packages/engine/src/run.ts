import { Conductor } from "./conductor.ts";
import type { EngineParts, RunControl, RunRequest } from "./door.ts";

/** Starts a run; everything that happens in it is told through `parts.log`. */
export function startRun(request: RunRequest, parts: EngineParts): RunControl {
  const conductor = new Conductor(request, parts);
  const done = conductor.run();
  return {
    done,
    stop: ({ force, signal }) =>
      conductor.stop(signal === undefined ? { kind: "user" } : { kind: "user", signal }, force),
  };
}
