import type { LoggedEvent, RunEvent } from "./events.ts";

/**
 * Who wished something through a server: a browser that is signed in, or an API token, by its name there. What a command or a signal of
 * the machine wishes has none: all that can be known of it is that it may read the run's folder.
 */
export interface Wisher {
  readonly kind: "session" | "token";
  readonly name: string;
}

/** Something that a person wished of a run, by its event. */
export interface Wish {
  readonly at: number;
  readonly what: RunEvent["type"];
  /** Absent: of the whole run. */
  readonly instance?: string;
  readonly by: Wisher;
}

/** So many are kept in a run's state, the newest; its log has them all. */
const mostWishes = 200;

/** Whose wish the event is, where that is known. */
export function wisherOf(event: RunEvent): Wisher | undefined {
  if ("by" in event && event.by !== undefined) return asRead(event.by);
  const isStop = event.type === "run-stopping" || event.type === "attempt-stopping";
  return isStop && event.cause.kind === "user" && event.cause.by !== undefined ? asRead(event.cause.by) : undefined;
}

/** A log may have been written by anybody: what is no wisher is none. */
function asRead(by: Partial<Wisher> | null): Wisher | undefined {
  const { kind, name } = by ?? {};
  const isOne = (kind === "session" || kind === "token") && typeof name === "string";
  return isOne ? { kind, name } : undefined;
}

/** `wishes` with that of the event, where it is one. Of a run that is being stopped, that each attempt is stopped is no other wish. */
export function withWish(
  wishes: readonly Wish[] | undefined,
  event: LoggedEvent,
  isStopping: boolean,
): readonly Wish[] | undefined {
  const by = wisherOf(event);
  if (by === undefined || (isStopping && event.type === "attempt-stopping")) return wishes;
  const wish = { at: event.at, what: event.type, ...("instance" in event ? { instance: event.instance } : {}), by };
  return [...(wishes ?? []), wish].slice(-mostWishes);
}

/** "token ci", or "browser (sign-in link)". */
export function wisherWords({ kind, name }: Wisher): string {
  return kind === "token" ? `token ${name}` : `browser (${name})`;
}

const deeds: Readonly<Partial<Record<RunEvent["type"], string>>> = {
  "run-created": "started",
  "run-resumed": "gone on with",
  "plan-changed": "change of the file accepted",
  "run-paused": "paused",
  "run-unpaused": "unpaused",
  "run-reopened": "tried again",
  "budget-changed": "budget set",
  "run-stopping": "stopped",
  "attempt-stopping": "stopped",
  "instance-settled": "stopped",
};

/** "tests: stopped by token ci". */
export function wishWords({ what, instance, by }: Wish): string {
  return `${instance === undefined ? "" : `${instance}: `}${deeds[what] ?? what} by ${wisherWords(by)}`;
}
