import { membersOf } from "@claude-orchestrator/domain";
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
  readonly open: Set<string>;
  current: Omit<Span, "to"> | undefined;
  began: number | undefined;
  settled: number | undefined;
}

/** A row for each instance of the plan, in its order, from what the log says. */
export function timelineRows(events: readonly LoggedEvent[]): readonly TimelineRow[] {
  let drafts = new Map<string, Draft>();
  let dependents = new Map<string, readonly string[]>();
  for (const event of events) {
    if (event.type === "run-created" || event.type === "plan-changed") {
      drafts = draftsOf(event.plan, drafts);
      dependents = dependentsOf(event.plan);
    } else if ("instance" in event) {
      const draft = drafts.get(event.instance);
      if (draft === undefined) continue;
      follow(draft, event);
      if (event.type === "instance-settled") release(event, drafts, dependents.get(event.instance) ?? []);
    } else {
      followRun(drafts, event);
    }
  }
  return [...drafts.values()].map(({ name, spans, current, began, settled }) => ({
    name,
    spans: current === undefined ? spans : [...spans, { ...current, to: undefined }],
    began,
    settled,
  }));
}

function draftsOf(plan: Plan, before: ReadonlyMap<string, Draft>): Map<string, Draft> {
  return new Map(
    plan.instances.map(({ name, needs }) => {
      const open = new Set(needs.flatMap((need) => membersOf(plan, need.instance).map((member) => member.name)));
      const fresh = { name, spans: [], open, current: undefined, began: undefined, settled: undefined };
      return [name, before.get(name) ?? fresh] as const;
    }),
  );
}

function dependentsOf(plan: Plan): Map<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const { name, needs } of plan.instances) {
    for (const need of needs) {
      for (const member of membersOf(plan, need.instance)) {
        dependents.set(member.name, [...(dependents.get(member.name) ?? []), name]);
      }
    }
  }
  return dependents;
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
  if (draft.open.size > 0) begin(draft, { kind: "needs", from: at, attempt, words: "waits for what it needs" });
  else begin(draft, { kind: "slot", from: at, attempt, words: "waits for its turn" });
}

/** What needed only this waits for its turn now. */
function release(
  { instance, at }: { readonly instance: string; readonly at: number },
  drafts: ReadonlyMap<string, Draft>,
  dependents: readonly string[],
): void {
  for (const name of dependents) {
    const draft = drafts.get(name);
    if (draft?.open.delete(instance) === true && draft.open.size === 0 && draft.current?.kind === "needs") {
      wait(draft, at);
    }
  }
}

function follow(draft: Draft, event: Extract<LoggedEvent, { readonly instance: string }>): void {
  const { at } = event;
  switch (event.type) {
    case "attempt-planned":
      draft.began ??= at;
      begin(draft, { kind: "startup", from: at, attempt: event.attempt, words: "is being started" });
      return;
    case "attempt-started":
      begin(draft, { kind: "attempt", from: at, attempt: event.attempt, words: "works" });
      return;
    case "attempt-ended":
      end(draft, event);
      return;
    case "retry-scheduled":
      begin(draft, { kind: "retry", from: at, attempt: event.attempt, words: event.reason });
      return;
    case "instance-held":
      begin(draft, { kind: "held", from: at, attempt: attemptAfter(draft), words: event.reason });
      return;
    case "instance-settled":
      close(draft, at);
      draft.settled = at;
      return;
    default:
  }
}

/** One that never came to its process is shown as the failed attempt that it is. */
function end(draft: Draft, { at, attempt, verdict, reason }: Extract<LoggedEvent, { type: "attempt-ended" }>): void {
  const from = draft.current?.from ?? at;
  draft.current = undefined;
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
  if (current === undefined || (at <= current.from && current.kind !== "attempt")) return;
  draft.spans.push({ ...current, to: Math.max(at, current.from) });
}
