import type { MachineFacts, RunEvent, RunState } from "@claude-orchestrator/domain";
import { wishedBy } from "./asking.ts";
import type { ResumeRequest, RunRequest } from "./door.ts";
import type { ResolvedNeed } from "./needs.ts";
import { withoutSecrets } from "./redact.ts";
import { reopening } from "./reopening.ts";

/** The first event of a run's log. */
export function createdEvent(
  { id, plan, version, source, directory, demo, replay, by }: RunRequest,
  machine: MachineFacts,
): RunEvent {
  return {
    type: "run-created",
    id,
    plan: withoutSecrets(plan),
    version,
    ...(source === undefined ? {} : { source }),
    directory,
    machine,
    ...(demo === undefined ? {} : { demo }),
    ...(replay === undefined ? {} : { replay }),
    ...wishedBy(by),
  };
}

/**
 * The events by which another supervisor takes a run up. A settled run is reopened first: nothing else may follow its end.
 *
 * @throws Error where `reopen` names what cannot be asked for again: the caller has checked it
 */
export function takingUp(
  { plan, version, source, history, lost, planChanged, reopen, by }: ResumeRequest,
  needs: ReadonlyMap<string, readonly ResolvedNeed[]>,
  machine: MachineFacts,
): readonly RunEvent[] {
  const events: RunEvent[] = [];
  if (reopen.length > 0) {
    const wanted = reopening(history, needs, reopen);
    if ("problem" in wanted) throw new Error(wanted.problem);
    events.push({ type: "run-reopened", instances: wanted.names, ...wishedBy(by) });
  }
  events.push({ type: "run-resumed", version, machine, lost, ...(reopen.length > 0 ? {} : wishedBy(by)) });
  if (planChanged) {
    const text = source === undefined ? {} : { source };
    events.push({ type: "plan-changed", plan: withoutSecrets(plan), ...text, ...wishedBy(by) });
  }
  if (history.paused?.cause.kind === "storage") events.push({ type: "run-unpaused" });
  return events;
}

/** How long a run had lasted, in ms, when it was taken up. */
export function lastedOf({ phase, createdAt, lastAt }: RunState): number {
  return phase.status === "settled" ? phase.durationMs : Math.max(0, lastAt - createdAt);
}

/** When the first instance may start, ms since 1970; undefined: at once. */
export function startOf(request: RunRequest | ResumeRequest): number | undefined {
  if (!("history" in request)) return request.startAt;
  const { phase } = request.history;
  return phase.status === "scheduled" ? phase.until : undefined;
}
