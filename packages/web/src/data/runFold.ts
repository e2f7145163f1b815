import { foldAsRead } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";

/** A run as the browser knows it: the same fold as everywhere else, over the events it was told. */
export interface FoldedRun {
  readonly state: RunState | undefined;
  readonly events: readonly LoggedEvent[];
  /** The last event that was told; also of one that a damaged log has lost. */
  readonly through: number;
  /** How many events are not what their type says. */
  readonly passedOver: number;
  /** True once what comes is new, and no longer the past. */
  readonly isLive: boolean;
  /** Why its log cannot be read (any more). */
  readonly lost?: string;
}

export const unknownRun: FoldedRun = { state: undefined, events: [], through: 0, passedOver: 0, isLive: false };

/** Adds what came next. Events that are known already change nothing. */
export function addEvents(run: FoldedRun, events: readonly LoggedEvent[], through: number): FoldedRun {
  const fresh = events.filter(({ seq }) => seq > run.through);
  let { passedOver } = run;
  const state = foldAsRead(fresh, run.state, (_, isPassedOver) => {
    if (isPassedOver) passedOver += 1;
  });
  return {
    ...run,
    state,
    passedOver,
    events: fresh.length === 0 ? run.events : [...run.events, ...fresh],
    through: Math.max(run.through, through),
  };
}
