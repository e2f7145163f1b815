import { reduceAsRead, totalSpending } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";
import { names, ownNames } from "../conventions.ts";
import type { Attributes } from "../conventions.ts";
import { instanceLabels, runLabel, scopeLabel } from "../labels.ts";
import { attemptPath, spanIdOf, traceRootOf } from "./identity.ts";
import type { TraceRoot } from "./identity.ts";
import { OpenSpan } from "./openSpan.ts";
import type { SpanHead } from "./openSpan.ts";
import type { Span } from "./span.ts";
import * as words from "./spanAttributes.ts";
import type { EventOf } from "./spanAttributes.ts";

/*
 * Makes spans of a run's log: run > instance > attempt > request.
 *
 * 1. It is a fold: the same events give the same spans with the same ids, whoever reads them, in one go or over many lives of
 *    a supervisor.
 * 2. A span is given once, when the event that ends it is there. A run or an instance that is asked for again after its end
 *    gets another span, linked to the one before; that of the run is inside the first.
 * 3. Nothing that a person or an agent wrote becomes a part of one (`conventions.ts`, `labels.ts`).
 */

type Path = readonly (string | number)[];
type Begin = Pick<SpanHead, "name" | "start"> & Partial<Pick<SpanHead, "parentId" | "kind" | "attributes" | "links">>;

export class SpanWriter {
  readonly #traceparent: string | undefined;
  readonly #open = new Map<string, OpenSpan>();
  /** How many spans of a run or an instance there have been. */
  readonly #lives = new Map<string, number>();
  #state: RunState | undefined;
  #root: TraceRoot = { traceId: "" };
  #labels: ReadonlyMap<string, string> = new Map();
  #done: Span[] = [];

  /** @param traceparent the span that the run was started in, as in the header of W3C Trace Context */
  constructor(traceparent: string | undefined) {
    this.#traceparent = traceparent;
  }

  /** Events in order, from the log's first one on; those it has had are passed over. Gives the spans that they end. */
  take(events: readonly LoggedEvent[]): readonly Span[] {
    for (const event of events) {
      if (event.seq <= (this.#state?.seq ?? 0)) continue;
      const { state, isPassedOver } = reduceAsRead(this.#state, event);
      this.#state = state;
      if (state === undefined || isPassedOver) continue;
      this.#read(event, state);
    }
    const done = this.#done;
    this.#done = [];
    return done;
  }

  #read(event: LoggedEvent, state: RunState): void {
    switch (event.type) {
      case "run-created":
        this.#root = traceRootOf(event.id, this.#traceparent);
        this.#labels = instanceLabels(event.plan, event.source !== undefined);
        return this.#beginRun(event.at, state);
      case "plan-changed":
        this.#labels = instanceLabels(event.plan, state.source !== undefined);
        return;
      case "run-reopened":
        return this.#beginRun(event.at, state);
      case "run-settled":
        return this.#endRun(event, state);
      case "instance-held":
        this.#instance(event).note("held", event.at);
        return;
      case "instance-settled":
        return this.#endInstance(event, state);
      default:
        if ("attempt" in event) this.#readAttempt(event);
        else this.#noteRun(event);
    }
  }

  #readAttempt(event: Extract<LoggedEvent, { readonly attempt: number }>): void {
    switch (event.type) {
      case "attempt-planned":
        return this.#beginAttempt(event);
      case "attempt-identified":
        this.#attempt(event)?.set(words.attemptIdentity(event));
        return;
      case "attempt-ended":
        this.#attempt(event)?.set(words.attemptEnd(event));
        return this.#end(attemptPath(event.instance, event.attempt), event, words.statusOf(event.verdict));
      case "request-reserved":
        return this.#beginRequest(event);
      case "request-settled":
        return this.#endRequest(event);
      default:
        this.#noteAttempt(event);
    }
  }

  #noteRun(event: LoggedEvent): void {
    const run = this.#open.get(keyOf(["run"]));
    switch (event.type) {
      case "budget-warned":
      case "budget-exceeded": {
        const { scope, unit, limit, used } = event;
        const told = { [ownNames.scope]: scopeLabel(scope, this.#labels), [ownNames.unit]: unit };
        const amounts = { [ownNames.limit]: limit, [ownNames.used]: used };
        run?.note(event.type, event.at, { ...told, ...amounts });
        return;
      }
      case "run-stopping":
        run?.note(event.type, event.at, { [ownNames.cause]: words.causeWords(event.cause) });
        return;
      case "run-paused":
        run?.note(event.type, event.at, { [ownNames.cause]: event.cause.kind });
        return;
      case "run-unpaused":
      case "run-resumed":
        run?.note(event.type, event.at);
        return;
      default:
    }
  }

  #noteAttempt(event: Extract<LoggedEvent, { readonly attempt: number }>): void {
    const attempt = this.#attempt(event);
    switch (event.type) {
      case "attempt-denied":
        attempt?.note("permission-denied", event.at, { [ownNames.tool]: event.tool });
        return;
      case "attempt-stopping":
        attempt?.note(event.type, event.at, { [ownNames.cause]: words.causeWords(event.cause) });
        return;
      case "request-refused":
        attempt?.note(event.type, event.at, {
          [names.requestModel]: event.model,
          [ownNames.tokens]: event.worst.tokens,
          [ownNames.costUsd]: event.worst.costUsd,
        });
        return;
      case "limit-observed":
        if (event.status !== "allowed") attempt?.note(`usage-window-${event.status}`, event.at, windowOf(event));
        return;
      case "retry-scheduled":
        this.#instance(event).note(event.type, event.at, { [ownNames.attempt]: event.attempt });
        return;
      case "attempt-adopted":
        attempt?.note(event.type, event.at);
        return;
      default:
    }
  }

  #beginRun(at: number, { id, plan, source }: RunState): void {
    const key = keyOf(["run"]);
    if (this.#open.has(key)) return;
    const label = runLabel(plan, source !== undefined);
    const { path, before, links } = this.#nextLife(["run"]);
    // A trace has one root: what a person asked for later is inside.
    const parentId = before === undefined ? this.#root.parentId : this.#id(["run", 1]);
    this.#begin(["run"], path, {
      name: label === undefined ? "run" : `run ${label}`,
      start: at,
      ...(parentId === undefined ? {} : { parentId }),
      links,
      attributes: { [ownNames.run]: id, [ownNames.instances]: plan.instances.length },
    });
  }

  #endRun(event: EventOf<"run-settled">, state: RunState): void {
    const run = this.#open.get(keyOf(["run"]));
    run?.set({ [ownNames.outcome]: event.outcome, ...totalAttributesOf(state) });
    run?.set({ [names.error]: words.statusOf(event.outcome).code === "error" ? event.outcome : undefined });
    this.#end(["run"], event, words.statusOf(event.outcome));
  }

  /** Begins with the first thing that is said of it. */
  #instance({ instance, at }: { readonly instance: string; readonly at: number }): OpenSpan {
    const open = this.#open.get(keyOf(["instance", instance]));
    if (open !== undefined) return open;
    const label = this.#labels.get(instance) ?? "instance";
    const { path, links } = this.#nextLife(["instance", instance]);
    const parentId = this.#open.get(keyOf(["run"]))?.spanId ?? this.#id(["run", 1]);
    const attributes = { [ownNames.instance]: label };
    return this.#begin(["instance", instance], path, { name: label, start: at, parentId, links, attributes });
  }

  #endInstance(event: EventOf<"instance-settled">, state: RunState): void {
    const { verdict, verification } = event;
    const instance = state.instances.get(event.instance);
    const span = this.#instance(event);
    span.set({
      [ownNames.verdict]: verdict,
      [ownNames.verification]: verification,
      [names.error]: words.statusOf(verdict).code === "error" ? verdict : undefined,
      [ownNames.attempts]: instance?.attempts.length,
      ...(instance === undefined ? {} : words.totalAttributes(instance.spent)),
    });
    this.#end(["instance", event.instance], event, words.statusOf(verdict));
  }

  #attempt({ instance, attempt }: { readonly instance: string; readonly attempt: number }): OpenSpan | undefined {
    return this.#open.get(keyOf(attemptPath(instance, attempt)));
  }

  #beginAttempt(event: EventOf<"attempt-planned">): void {
    const { instance, attempt, agent, at } = event;
    const path = attemptPath(instance, attempt);
    const parentId = this.#instance(event).spanId;
    const attributes = words.attemptBegin(event, this.#labels.get(instance) ?? "instance");
    const links = attempt > 1 ? [this.#id(attemptPath(instance, attempt - 1))] : [];
    const operation = attributes[names.operation];
    const name = operation === undefined ? agent : `${operation} ${agent}`;
    this.#begin(path, path, { name, start: at, parentId, attributes, links });
  }

  #beginRequest(event: EventOf<"request-reserved">): void {
    const { instance, attempt, request, at, model } = event;
    const parent = this.#attempt(event);
    if (parent === undefined) return;
    const path = ["request", instance, attempt, request];
    const attributes = words.requestBegin(event);
    const operation = String(attributes[names.operation]);
    const name = model === undefined ? operation : `${operation} ${model}`;
    this.#begin(path, path, { name, start: at, parentId: parent.spanId, kind: "client", attributes });
  }

  #endRequest(event: EventOf<"request-settled">): void {
    const path = ["request", event.instance, event.attempt, event.request];
    this.#open.get(keyOf(path))?.set(words.requestEnd(event));
    const { outcome } = event;
    this.#end(path, event, outcome === "answered" ? { code: "unset" } : { code: "error", message: outcome });
  }

  #begin(place: Path, path: Path, begin: Begin): OpenSpan {
    const { traceId } = this.#root;
    const open = new OpenSpan({
      kind: "internal",
      attributes: {},
      links: [],
      traceId,
      spanId: this.#id(path),
      ...begin,
    });
    this.#open.set(keyOf(place), open);
    return open;
  }

  #end(place: Path, { at, seq }: LoggedEvent, status: Span["status"]): void {
    const open = this.#open.get(keyOf(place));
    if (open === undefined) return;
    this.#open.delete(keyOf(place));
    this.#done.push(open.end(at, seq, status));
  }

  #nextLife(place: Path): {
    readonly path: Path;
    readonly before: Path | undefined;
    readonly links: readonly string[];
  } {
    const lives = (this.#lives.get(keyOf(place)) ?? 0) + 1;
    this.#lives.set(keyOf(place), lives);
    const before = lives === 1 ? undefined : [...place, lives - 1];
    return { path: [...place, lives], before, links: before === undefined ? [] : [this.#id(before)] };
  }

  #id(path: Path): string {
    return spanIdOf(this.#state?.id ?? "", path);
  }
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

function totalAttributesOf(state: RunState): Attributes {
  return words.totalAttributes(totalSpending(state));
}

function windowOf({ window }: EventOf<"limit-observed">): Attributes {
  return { [ownNames.window]: window };
}
