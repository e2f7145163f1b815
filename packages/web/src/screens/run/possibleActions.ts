import type { RunState } from "@claude-orchestrator/domain";

export type RunAction = "resume" | "pause" | "unpause" | "retry" | "stop";

/** What can be done to a run as it stands, in the order it is offered. */
export function possibleActions(state: RunState, isInterrupted: boolean): readonly RunAction[] {
  const { phase, paused } = state;
  if (isInterrupted) return ["resume", "stop"];
  if (phase.status !== "settled") {
    const retry = hasFailed(state) ? (["retry"] as const) : [];
    return [paused === undefined ? "pause" : "unpause", ...retry, "stop"];
  }
  const resume = phase.outcome === "stopped" ? (["resume"] as const) : [];
  return hasFailed(state) ? [...resume, "retry"] : resume;
}

function hasFailed(state: RunState): boolean {
  return [...state.instances.values()].some(
    ({ phase }) => phase.status === "settled" && !["succeeded", "skipped"].includes(phase.verdict),
  );
}
