import { membersIn } from "@claude-orchestrator/domain";
import type { LoggedEvent, Plan } from "@claude-orchestrator/domain";

/**
 * What an instance did with its time. needs: waits for others. slot: could begin, but as many as may run do. held: a budget,
 * a usage window or the machine holds it back. retry: waits before it tries again. startup: its folder is made and its
 * process begun. attempt: its agent works.
 */
export type SpanKind = "needs" | "slot" | "held" | "retry" | "startup" | "attempt";

export interface Span {
  readonly kind: SpanKind;
  /** ms since 1970. */
  readonly from: number;
  /** Undefined while it goes on. */
  readonly to: number | undefined;
  /** The attempt that it is, or waits for; 1 for all before the first. */
  readonly attempt: number;
  /** Of an attempt that has ended. */
  readonly verdict?: string;
  /** Why it waits, or why it ended so. */
  readonly words: string;
}

export interface TimelineRow {
  readonly name: string;
  /** In the order they began; they do not overlap. */
  readonly spans: readonly Span[];
  /** Of its first attempt. */
  readonly began: number | undefined;
  /** When it was settled. */
  readonly settled: number | undefined;
}

interface Draft {
  readonly name: string;
  readonly spans: Span[];
  /** How many of its needs are not over. */
  waitsFor: number;
  current: Omit<Span, "to"> | undefined;
  began: number | undefined;
  settled: number | undefined;
  hasBeenOver: boolean;
  /** As it was last told; undefined where it has changed since. */
  row: TimelineRow | undefined;
}

/** A name that others need: the instances that it stands for and that are not over, and who waits for them. */
interface Gate {
  readonly open: Set<string>;
  readonly waiting: readonly Draft[];
}

/** A row for each instance of the plan, in its order, from what the log says, event by event. */
export class TimelineHistory {
  #drafts: ReadonlyMap<string, Draft> = new Map();
  #gates: ReadonlyMap<string, readonly Gate[]> = new Map();
  #rows: readonly TimelineRow[] | undefined;

  /** Another list only where something has changed; the row of what has not is the same one. */
  get rows(): readonly TimelineRow[] {
    this.#rows ??= [...this.#drafts.values()].map((draft) => (draft.row ??= rowOf(draft)));
    return this.#rows;
  }

  take(event: LoggedEvent): void {
    if (event.type === "run-created" || event.type === "plan-changed") {
      this.#drafts = draftsOf(event.plan, this.#drafts);
      this.#gates = gatesOf(event.plan, this.#drafts);
      this.#rows = undefined;
    } else if ("instance" in event) {
      const draft = this.#drafts.get(event.instance);
      if (draft === undefined || !follow(draft, event)) return;
      if (event.type === "instance-settled") this.#release(draft, event.at);
      this.#rows = undefined;
    } else {
      followRun(this.#drafts, event);
      this.#rows = undefined;
    }
  }

  /** What needed only this waits for its turn now. */
  #release(draft: Draft, at: number): void {
    draft.hasBeenOver = true;
    for (const { open, waiting } of this.#gates.get(draft.name) ?? []) {
      if (!open.delete(draft.name) || open.size > 0) continue;
      for (const each of waiting) {
        each.waitsFor -= 1;
        if (each.waitsFor === 0 && each.current?.kind === "needs") wait(each, at);
      }
    }
  }
}

/** As `TimelineHistory`, of a log that is here as a whole. */
export function timelineRows(events: readonly LoggedEvent[]): readonly TimelineRow[] {
  const history = new TimelineHistory();
  for (const event of events) history.take(event);
  return history.rows;
}

function rowOf({ name, spans, current, began, settled }: Draft): TimelineRow {
  return {
    name,
    spans: current === undefined ? [...spans] : [...spans, { ...current, to: undefined }],
    began,
    settled,
  };
}

function draftsOf(plan: Plan, before: ReadonlyMap<string, Draft>): ReadonlyMap<string, Draft> {
  return new Map(plan.instances.map(({ name }) => [name, before.get(name) ?? newDraft(name)]));
}

function newDraft(name: string): Draft {
  const unknown = { current: undefined, began: undefined, settled: undefined, row: undefined };
  return { name, spans: [], waitsFor: 0, hasBeenOver: false, ...unknown };
}

/** By instance: the names it is part of. A need that many have is one gate: of a hundred after a hundred there are not ten thousand. */
function gatesOf(plan: Plan, drafts: ReadonlyMap<string, Draft>): ReadonlyMap<string, readonly Gate[]> {
  const members = membersIn(plan);
  const waiting = new Map<string, Draft[]>();
  for (const { name, needs } of plan.instances) {
    const draft = drafts.get(name);
    if (draft === undefined) continue;
    const isOpen = (need: string): boolean =>
      members(need).some((member) => drafts.get(member.name)?.hasBeenOver === false);
    const open = [...new Set(needs.map(({ instance }) => instance))].filter(isOpen);
    draft.waitsFor = open.length;
    for (const need of open)
      waiting
        .set(need, waiting.get(need) ?? [])
        .get(need)
        ?.push(draft);
  }
  const gates = new Map<string, Gate[]>();
  for (const [need, each] of waiting) {
    const names = members(need).map((member) => member.name);
    const gate = { open: new Set(names.filter((name) => drafts.get(name)?.hasBeenOver === false)), waiting: each };
    for (const name of gate.open) gates.set(name, [...(gates.get(name) ?? []), gate]);
  }
  return gates;
}

function followRun(drafts: ReadonlyMap<string, Draft>, event: LoggedEvent): void {
  if (event.type === "run-started") for (const draft of drafts.values()) wait(draft, event.at);
  if (event.type === "run-settled") for (const draft of drafts.values()) close(draft, event.at);
  if (event.type !== "run-reopened") return;
  for (const name of event.instances) {
    const draft = drafts.get(name);
    if (draft === undefined) continue;
    draft.settled = undefined;
    wait(draft, event.at);
  }
}

function wait(draft: Draft, at: number): void {
  const attempt = attemptAfter(draft);
  if (draft.waitsFor > 0) begin(draft, { kind: "needs", from: at, attempt, words: "waits for what it needs" });
  else begin(draft, { kind: "slot", from: at, attempt, words: "waits for its turn" });
}

/** Whether it changes what is told of the instance. */
function follow(draft: Draft, event: Extract<LoggedEvent, { readonly instance: string }>): boolean {
  const { at } = event;
  switch (event.type) {
    case "attempt-planned":
      draft.began ??= at;
      begin(draft, { kind: "startup", from: at, attempt: event.attempt, words: "is being started" });
      return true;
    case "attempt-started":
      begin(draft, { kind: "attempt", from: at, attempt: event.attempt, words: "works" });
      return true;
    case "attempt-ended":
      end(draft, event);
      return true;
    case "retry-scheduled":
      begin(draft, { kind: "retry", from: at, attempt: event.attempt, words: event.reason });
      return true;
    case "instance-held":
      begin(draft, { kind: "held", from: at, attempt: attemptAfter(draft), words: event.reason });
      return true;
    case "instance-settled":
      close(draft, at);
      draft.settled = at;
      return true;
    default:
      return false;
  }
}

/** One that never came to its process is shown as the failed attempt that it is. */
function end(draft: Draft, { at, attempt, verdict, reason }: Extract<LoggedEvent, { type: "attempt-ended" }>): void {
  const from = draft.current?.from ?? at;
  draft.current = undefined;
  draft.row = undefined;
  draft.spans.push({ kind: "attempt", from: Math.min(from, at), to: at, attempt, verdict, words: reason });
}

function attemptAfter({ spans, current }: Draft): number {
  return current?.attempt ?? (spans.findLast(({ kind }) => kind === "attempt")?.attempt ?? 0) + 1;
}

function begin(draft: Draft, span: Omit<Span, "to">): void {
  close(draft, span.from);
  draft.current = span;
}

/** A wait of no time is none. */
function close(draft: Draft, at: number): void {
  const { current } = draft;
  draft.current = undefined;
  draft.row = undefined;
  if (current === undefined || (at <= current.from && current.kind !== "attempt")) return;
  draft.spans.push({ ...current, to: Math.max(at, current.from) });
}
