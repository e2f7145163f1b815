import { waitReason } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import { headAndSentence, span } from "./text/line.ts";
import type { Line } from "./text/line.ts";

/** Why each instance that waits for something does; nothing of a run that has settled. */
export function waitLines(state: RunState, columns: number): readonly Line[] {
  if (state.phase.status === "settled") return [];
  return [...state.instances.values()].flatMap((instance) => {
    const reason = waitReason(instance);
    if (reason === undefined) return [];
    return headAndSentence([span(instance.name, "strong"), span(" waits:", "warn")], span(reason, "warn"), columns);
  });
}
