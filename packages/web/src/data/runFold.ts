import { foldAsRead } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";
import { RunHistory } from "./runHistory.ts";

/** A run as the browser knows it: the same fold as everywhere else, over the events it was told. */
export interface FoldedRun {
  readonly state: RunState | undefined;
  /** The newest, at least `mostEvents` of them where there were as many: a day's would fill the memory. */
  readonly events: readonly LoggedEvent[];
  readonly history: RunHistory;
  /** The last event that was told; also of one that a damaged log has lost. */
  readonly through: number;
  /** How many events are not what their type says. */
  readonly passedOver: number;
  /** True once what comes is new, and no longer the past. */
  readonly isLive: boolean;
  /** Why its log cannot be read (any more). */
  readonly lost?: string;
}

/** As many events are kept as they are; the server has the others. */
export const mostEvents = 20_000;
/** So many more may gather, so that not each batch moves all of them. */
const slack = 4_000;

export const unknownRun: FoldedRun = {
  state: undefined,
  events: [],
  history: new RunHistory(),
  through: 0,
  passedOver: 0,
  isLive: false,
};

/** Adds what came next. Events that are known already change nothing. */
export function addEvents(run: FoldedRun, events: readonly LoggedEvent[], through: number): FoldedRun {
  const fresh = events.filter(({ seq }) => seq > run.through);
  let { passedOver } = run;
  const state = foldAsRead(fresh, run.state, (_, isPassedOver) => {
    if (isPassedOver) passedOver += 1;
  });
  // Nobody else goes on with that of a run that was not known before.
  const history = run.through === 0 ? new RunHistory() : run.history;
  history.take(fresh);
  return {
    ...run,
    state,
    history,
    passedOver,
    events: fresh.length === 0 ? run.events : newest([...run.events, ...fresh]),
    through: Math.max(run.through, through),
  };
}

function newest(events: readonly LoggedEvent[]): readonly LoggedEvent[] {
  return events.length > mostEvents + slack ? events.slice(-mostEvents) : events;
}
