import type { Activity, AgentEvent, AgentFailure, Spending } from "@claude-orchestrator/domain";
import { LastLines } from "./lastLines.ts";
import type { Meter } from "./meter.ts";

/** What goes into one progress event at most; the raw output has everything. */
const keptActivities = 20;
const keptActivityLength = 2000;

/** Distinct tool names counted; what is beyond is summed under one name, so a hostile agent cannot fill memory with names. */
const countedTools = 200;

/**
 * Hears one attempt's agent events and keeps what must be known of them: counters, the last words, what was denied.
 * Constant memory however many events come.
 */
export class Listener {
  readonly #meter: Meter;
  readonly #redact: (text: string) => string;
  readonly #tools = new Map<string, number>();
  readonly #openCalls = new Map<string, string>();
  /** Tools whose last call was denied. */
  readonly #denied = new Set<string>();
  #activity: Activity[] = [];
  #omitted = 0;
  #changed = false;
  /** Lines that held at least one event, and lines that could not be read. */
  events = 0;
  unreadable = 0;
  turns = 0;
  finished: Extract<AgentEvent, { type: "finished" }> | undefined;
  /** The latest announcement that a usage window is spent. */
  rejectedUntil: number | undefined;
  sessionId: string | undefined;
  /** The last things said that help to understand a failure. */
  readonly lastWords = new LastLines();

  constructor(meter: Meter, redact: (text: string) => string) {
    this.#meter = meter;
    this.#redact = redact;
  }

  /** Gives true where the event changed what was spent. */
  hear(event: AgentEvent): boolean {
    this.#changed = true;
    this.events += 1;
    switch (event.type) {
      case "usage":
      case "totals":
        if (event.type === "usage") this.finished = undefined;
        return this.#meter.take(event);
      case "session":
        this.sessionId = event.sessionId ?? this.sessionId;
        return false;
      case "message":
        this.#note("text", event.text);
        return false;
      case "thinking":
        this.#note("thinking", event.text);
        return false;
      case "tool-started":
        this.#toolStarted(event);
        return false;
      case "tool-finished":
        this.#toolFinished(event);
        return false;
      case "denied":
        this.#denied.add(event.tool);
        this.#note("tool-failed", `${event.tool} was denied: ${event.reason}`);
        return false;
      case "waiting":
        this.#note("waiting", event.text);
        return false;
      case "limit":
        if (event.status === "rejected") this.rejectedUntil = event.resetsAt;
        return false;
      case "finished":
        this.finished = event;
        this.turns = Math.max(this.turns, event.turns ?? 0);
        return false;
      case "note":
        this.#note("note", event.text);
        return false;
      case "unreadable":
        this.unreadable += 1;
        this.lastWords.add(event.line);
        return false;
    }
  }

  get spent(): Spending {
    return this.#meter.spending();
  }

  get tools(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#tools);
  }

  get deniedTools(): readonly string[] {
    return [...this.#denied];
  }

  /** The agent's failure, with the reset time told by a usage window where the failure itself has none. */
  get failure(): AgentFailure | undefined {
    const failure = this.finished?.failure;
    if (failure === undefined || failure.resetsAt !== undefined || this.rejectedUntil === undefined) return failure;
    const isLimit = failure.kind === "rate_limit" || failure.kind === "usage_limit";
    return isLimit ? { ...failure, kind: "usage_limit", resetsAt: this.rejectedUntil } : failure;
  }

  /** What is new since the last call, or undefined where nothing is. */
  takeNews(): { readonly activity: readonly Activity[]; readonly omitted: number } | undefined {
    if (!this.#changed) return undefined;
    const news = { activity: this.#activity, omitted: this.#omitted };
    this.#activity = [];
    this.#omitted = 0;
    this.#changed = false;
    return news;
  }

  #note(kind: Activity["kind"], text: string): void {
    if (text === "") return;
    if (kind !== "thinking" && kind !== "tool") this.lastWords.add(kind === "waiting" ? `waits: ${text}` : text);
    if (this.#activity.length === keptActivities) {
      this.#activity.shift();
      this.#omitted += 1;
    }
    // A copy where it is cut: a slice would keep the whole text in memory.
    const short = text.length > keptActivityLength ? ` ${text.slice(0, keptActivityLength - 1)}…`.slice(1) : text;
    this.#activity.push({ kind, text: this.#redact(short) });
  }

  #toolStarted(event: Extract<AgentEvent, { type: "tool-started" }>): void {
    const name = this.#tools.has(event.tool) || this.#tools.size < countedTools ? event.tool : "(other tools)";
    this.#tools.set(name, (this.#tools.get(name) ?? 0) + 1);
    if (this.#openCalls.size < countedTools) this.#openCalls.set(event.callId, event.tool);
    this.#note("tool", event.summary === "" ? event.tool : `${event.tool}: ${event.summary}`);
  }

  #toolFinished(event: Extract<AgentEvent, { type: "tool-finished" }>): void {
    const tool = this.#openCalls.get(event.callId);
    this.#openCalls.delete(event.callId);
    // A tool that later works shows that the work did not hang on the call that was denied.
    if (event.ok && tool !== undefined) this.#denied.delete(tool);
    if (!event.ok) this.#note("tool-failed", event.summary ?? tool ?? event.callId);
  }
}
