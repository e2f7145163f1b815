import type { LoggedEvent } from "@claude-orchestrator/domain";
import { attemptOf, eventWords, instanceOf } from "./eventWords.ts";

export interface EventFilter {
  /** Each "" where everything is wanted. */
  readonly type: string;
  readonly instance: string;
  readonly text: string;
}

/** The events that are wanted, in their order. A text is looked for in what the list shows, whatever its case. */
export function filterEvents(events: readonly LoggedEvent[], filter: EventFilter): readonly LoggedEvent[] {
  const { type, instance } = filter;
  const text = filter.text.trim().toLowerCase();
  if (type === "" && instance === "" && text === "") return events;
  return events.filter((event) => {
    if (type !== "" && event.type !== type) return false;
    if (instance !== "" && instanceOf(event) !== instance) return false;
    return text === "" || `${event.type} ${instanceOf(event)} ${eventWords(event)}`.toLowerCase().includes(text);
  });
}

/** What can be chosen from, in order: each value that is there, but none. One pass, since a run may have told of a million events. */
export function valuesIn(events: readonly LoggedEvent[], valueOf: (event: LoggedEvent) => string): readonly string[] {
  const values = new Set<string>();
  for (const event of events) values.add(valueOf(event));
  values.delete("");
  return [...values].toSorted();
}

/** Where the event with that number is; 0 where none is asked for, or it is not there. */
export function indexOf(events: readonly LoggedEvent[], seq: string): number {
  if (seq === "") return 0;
  const wanted = Number(seq);
  return Math.max(
    0,
    events.findIndex((event) => event.seq === wanted),
  );
}

/** Events that tell of one thing: an attempt from its plan to its end, or what the run as a whole did between. */
export interface EventGroup {
  readonly instance: string;
  readonly attempt: number | undefined;
  readonly first: LoggedEvent;
  readonly last: LoggedEvent;
  readonly count: number;
}

/** Groups in the order of their first events. */
export function groupEvents(events: readonly LoggedEvent[]): readonly EventGroup[] {
  const groups = new Map<string, EventGroup>();
  let wholeRun = 0;
  let wasWhole = false;
  for (const event of events) {
    const instance = instanceOf(event);
    if (instance === "" && !wasWhole) wholeRun += 1;
    wasWhole = instance === "";
    const attempt = attemptOf(event);
    const key = wasWhole ? `run ${wholeRun}` : `${attempt ?? ""}\n${instance}`;
    const before = groups.get(key);
    groups.set(key, {
      instance,
      attempt,
      first: before?.first ?? event,
      last: event,
      count: (before?.count ?? 0) + 1,
    });
  }
  return [...groups.values()];
}
