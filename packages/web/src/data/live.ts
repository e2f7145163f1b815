import type { Batch, Envelope, RunSummaryDocument } from "@claude-orchestrator/protocol";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { addEvents, unknownRun } from "./runFold.ts";
import type { FoldedRun } from "./runFold.ts";
import type { KeptRuns } from "./keptRuns.ts";

/** Whether what is shown is live. `since` in ms since 1970: the last word of the server. */
export type Connection =
  | { readonly is: "connecting" }
  | { readonly is: "live" }
  | { readonly is: "reconnecting"; readonly since: number; readonly nextTry: number }
  | { readonly is: "signed-out" };

export interface LiveState {
  readonly connection: Connection;
  /** Newest first; undefined before the first word. */
  readonly runs: readonly RunSummaryDocument[] | undefined;
  readonly folded: ReadonlyMap<string, FoldedRun>;
  /** Of the server's program. */
  readonly serverVersion: string | undefined;
  /** The server's clock less ours, in ms. */
  readonly clockAhead: number;
}

/** What the stream asks of the browser. */
export interface LiveParts {
  /** The answer closes it. */
  readonly open: (query: string, hears: { batch(text: string): void; failed(): void }) => () => void;
  readonly changeTopics: (stream: string, runs: readonly { run: string; after: number }[]) => Promise<unknown>;
  /** Whether we may ask at all: false where we are no longer signed in. */
  readonly isSignedIn: () => Promise<boolean>;
  /** The list as it was last told, for when the first try fails. */
  readonly kept?: () => KeptRuns | undefined;
  readonly now: () => number;
  readonly random: () => number;
  readonly after: (ms: number, action: () => void) => () => void;
}

const firstWaitMs = 500;
const longestWaitMs = 15_000;
/** Before the server has said how often it speaks. */
const usualHeartbeatMs = 15_000;

/**
 * The one stream of this page, and what is known by it.
 *
 * 1. Nothing is shown as live that is not: silence for twice the heartbeat, and it says so and connects anew.
 * 2. A run's events are folded in order, each once, wherever the stream broke.
 * 3. Whoever looks at a run subscribes to it; when nobody does any more it is let go.
 */
export class Live {
  readonly #parts: LiveParts;
  readonly #listeners = new Set<() => void>();
  /** How many look at each run. */
  readonly #watched = new Map<string, number>();
  #state: LiveState = {
    connection: { is: "connecting" },
    runs: undefined,
    folded: new Map(),
    serverVersion: undefined,
    clockAhead: 0,
  };
  #close: (() => void) | undefined;
  #stream: string | undefined;
  #heartbeatMs = usualHeartbeatMs;
  #cancelSilence: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #failures = 0;
  #isTelling = false;
  /** What the server was told that somebody looks at. */
  #told = "";

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  get state(): LiveState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Connects, or connects anew at once. */
  connect(): void {
    this.#cancelRetry?.();
    this.#close?.();
    this.#stream = undefined;
    this.#isTelling = false;
    this.#told = this.#topics();
    const runs = [...this.#watched.keys()];
    const cursor = runs.map((run) => `${run}:${this.#throughOf(run)}`).join(",");
    const query = new URLSearchParams({ list: "true", ...(runs.length === 0 ? {} : { runs: runs.join(","), cursor }) });
    this.#close = this.#parts.open(query.toString(), {
      batch: (text) => this.#hear(text),
      failed: () => this.#fail(),
    });
    this.#heedSilence();
  }

  disconnect(): void {
    this.#cancelRetry?.();
    this.#cancelSilence?.();
    this.#close?.();
    this.#close = undefined;
  }

  /** Asks for a run's events, as long as the answer is not called. */
  watch(run: string): () => void {
    this.#watched.set(run, (this.#watched.get(run) ?? 0) + 1);
    this.#topicsChanged();
    return () => {
      const left = (this.#watched.get(run) ?? 1) - 1;
      if (left > 0) this.#watched.set(run, left);
      else this.#watched.delete(run);
      // Whoever comes back at once (another tab of the same run) finds it as it was.
      this.#parts.after(2_000, () => this.#forget(run));
    };
  }

  #forget(run: string): void {
    if (this.#watched.has(run)) return;
    const folded = new Map(this.#state.folded);
    if (!folded.delete(run)) return;
    this.#change({ folded });
    this.#topicsChanged();
  }

  #throughOf(run: string): number {
    return this.#state.folded.get(run)?.through ?? 0;
  }

  /** Many that begin to look at once are one request. */
  #topicsChanged(): void {
    const stream = this.#stream;
    if (this.#isTelling || stream === undefined) return;
    this.#isTelling = true;
    queueMicrotask(() => void this.#tellTopics(stream));
  }

  /** One request after the other: of two that are under way at once, the older might come last. */
  async #tellTopics(stream: string): Promise<void> {
    while (stream === this.#stream && this.#told !== this.#topics()) {
      this.#told = this.#topics();
      const runs = [...this.#watched.keys()].map((run) => ({ run, after: this.#throughOf(run) }));
      try {
        await this.#parts.changeTopics(stream, runs);
      } catch {
        if (stream === this.#stream) this.#fail();
      }
    }
    if (stream === this.#stream) this.#isTelling = false;
  }

  /** Those that somebody looks at, as one word. */
  #topics(): string {
    return [...this.#watched.keys()].join(",");
  }

  #hear(text: string): void {
    let batch: Batch;
    try {
      batch = JSON.parse(text) as Batch;
    } catch {
      this.#fail();
      return;
    }
    this.#failures = 0;
    this.#heedSilence();
    const clockAhead = batch.at - this.#parts.now();
    let next: LiveState = { ...this.#state, connection: { is: "live" }, clockAhead };
    for (const envelope of batch.envelopes) {
      if (envelope.kind === "hello") this.#greet(envelope);
      if (envelope.kind === "resync" || envelope.kind === "draining") {
        this.#change(next);
        this.#fail();
        return;
      }
      next = taken(next, envelope);
    }
    this.#change(next);
  }

  #greet({ stream, heartbeat_ms }: Extract<Envelope, { kind: "hello" }>): void {
    this.#stream = stream;
    this.#heartbeatMs = heartbeat_ms;
    this.#heedSilence();
    this.#topicsChanged();
  }

  #heedSilence(): void {
    this.#cancelSilence?.();
    this.#cancelSilence = this.#parts.after(2 * this.#heartbeatMs, () => this.#fail());
  }

  #fail(): void {
    this.#close?.();
    this.#close = undefined;
    this.#stream = undefined;
    this.#cancelSilence?.();
    this.#cancelRetry?.();
    const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** this.#failures) * (0.5 + this.#parts.random() / 2);
    this.#failures += 1;
    const { connection } = this.#state;
    const now = this.#parts.now();
    const kept = this.#state.runs === undefined ? this.#parts.kept?.() : undefined;
    const since = connection.is === "reconnecting" ? connection.since : (kept?.at ?? now);
    const known = kept === undefined ? {} : { runs: kept.runs };
    this.#change({ ...known, connection: { is: "reconnecting", since, nextTry: now + wait } });
    this.#cancelRetry = this.#parts.after(wait, () => void this.#tryAgain());
  }

  async #tryAgain(): Promise<void> {
    // An EventSource does not tell why it failed: whoever is signed out would try for ever.
    if (await this.#parts.isSignedIn()) this.connect();
    else this.#change({ connection: { is: "signed-out" } });
  }

  #change(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** What is known after an envelope. Pure. */
export function taken(state: LiveState, envelope: Envelope): LiveState {
  switch (envelope.kind) {
    case "hello":
      return { ...state, serverVersion: envelope.version };
    case "runs":
      return { ...state, runs: envelope.runs };
    case "run":
      return { ...state, runs: withRun(state.runs ?? [], envelope.run) };
    case "run-gone":
      return { ...state, runs: state.runs?.filter(({ run }) => run !== envelope.run) };
    case "events":
      return withFold(state, envelope.run, (run) =>
        addEvents(run, envelope.events as unknown as LoggedEvent[], envelope.through),
      );
    case "caught-up":
      return withFold(state, envelope.run, (run) => ({ ...run, isLive: true }));
    case "run-lost":
      return withFold(state, envelope.run, (run) => ({ ...run, lost: envelope.detail }));
    case "resync":
    case "draining":
      return state;
  }
}

function withRun(runs: readonly RunSummaryDocument[], run: RunSummaryDocument): readonly RunSummaryDocument[] {
  const isKnown = runs.some((each) => each.run === run.run);
  return isKnown ? runs.map((each) => (each.run === run.run ? run : each)) : [run, ...runs];
}

function withFold(state: LiveState, run: string, change: (before: FoldedRun) => FoldedRun): LiveState {
  const folded = new Map(state.folded);
  folded.set(run, change(folded.get(run) ?? unknownRun));
  return { ...state, folded };
}
