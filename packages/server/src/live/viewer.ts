import { randomUUID } from "node:crypto";
import type { Envelope, Positions } from "@claude-orchestrator/protocol";
import { writeCursor } from "@claude-orchestrator/protocol";
import type { Principal } from "../access/accessBook.ts";
import type { EventTail } from "./eventTail.ts";
import type { ListChange } from "./runList.ts";
import type { Sink } from "./sink.ts";

/** A reader with more than this untaken is cut off: memory is everybody's. */
export const mostBacklogBytes = 1024 * 1024;
/** Of old events no more is sent while this much is untaken: a long log is read at the reader's pace. */
const snapshotBacklogBytes = 128 * 1024;
/** Of one batch. */
const mostBatchBytes = 128 * 1024;

type Untold<Kind extends Envelope> = Kind extends Envelope ? Omit<Kind, "n"> : never;

interface Topic {
  /** The last event it was told of. */
  seq: number;
  isCaughtUp: boolean;
}

/** One stream: what it was told, and what it is to be told next. */
export class Viewer {
  readonly id = randomUUID();
  readonly principal: Principal;
  readonly wantsList: boolean;
  readonly #sink: Sink;
  readonly #topics: Map<string, Topic>;
  #waiting: (string | Buffer)[] = [];
  #waitingBytes = 0;
  #n = 0;
  #hasList = false;
  /** Of the list, as long as it may be on its way. */
  #listBytes = 0;
  #lastSentAt = 0;

  constructor(sink: Sink, principal: Principal, wish: { readonly list: boolean; readonly after: Positions }) {
    this.#sink = sink;
    this.principal = principal;
    this.wantsList = wish.list;
    this.#topics = new Map([...wish.after].map(([run, seq]) => [run, { seq, isCaughtUp: false }]));
  }

  get isClosed(): boolean {
    return this.#sink.isClosed;
  }

  /** Whether it is still told of the past of a run. */
  get isBehind(): boolean {
    return this.#topics.values().some(({ isCaughtUp }) => !isCaughtUp);
  }

  isBehindOn(run: string): boolean {
    return this.#topics.get(run)?.isCaughtUp === false;
  }

  get runs(): Iterable<string> {
    return this.#topics.keys();
  }

  /** The last event of that run it knows. */
  positionOf(run: string): number {
    return this.#topics.get(run)?.seq ?? 0;
  }

  /** Runs it follows already go on where they are. */
  follow(wish: Positions): void {
    for (const run of this.#topics.keys()) if (!wish.has(run)) this.#topics.delete(run);
    for (const [run, seq] of wish) if (!this.#topics.has(run)) this.#topics.set(run, { seq, isCaughtUp: false });
  }

  tell(envelope: Untold<Envelope>): void {
    this.#push(JSON.stringify({ n: (this.#n += 1), ...envelope }));
  }

  /** The list, once; as JSON. However long it is, nobody is too slow for it: it is the same bytes for all. */
  giveList(runs: () => Buffer): void {
    if (!this.wantsList || this.#hasList) return;
    this.#hasList = true;
    const json = runs();
    this.#listBytes = json.length;
    this.#push(`{"n":${(this.#n += 1)},"kind":"runs","runs":`, json, "}");
  }

  /** What has changed in the list, where it has it. */
  tellList({ changed, gone }: ListChange): void {
    if (!this.#hasList) return;
    for (const run of changed) this.tell({ kind: "run", run });
    for (const run of gone) this.tell({ kind: "run-gone", run });
  }

  /** Tells what of that run is new to it, as much as its reader takes. */
  advance(run: string, tail: EventTail): void {
    const topic = this.#topics.get(run);
    if (topic === undefined) return;
    while (!this.isClosed && (topic.isCaughtUp || this.#sink.backlog() + this.#waitingBytes < snapshotBacklogBytes)) {
      const page = tail.after(topic.seq);
      if (page === undefined) break;
      const { from, through, json } = page;
      const head = `"kind":"events","run":"${run}","from":${from},"through":${through}`;
      this.#push(`{"n":${(this.#n += 1)},${head},"events":[`, json, "]}");
      topic.seq = through;
      if (this.#waitingBytes > mostBatchBytes) this.flush();
    }
    if (topic.isCaughtUp || topic.seq < tail.last || !tail.isAtEnd) return;
    topic.isCaughtUp = true;
    this.tell({ kind: "caught-up", run, through: topic.seq });
  }

  /** It is told that the run cannot be followed, once. */
  lose(run: string, detail: string): void {
    this.#topics.delete(run);
    this.tell({ kind: "run-lost", run, detail });
  }

  /** Sends what waits; a heartbeat where nothing was sent for that long. A reader who is too slow is cut off. */
  flush(now = Date.now(), heartbeatMs = Number.POSITIVE_INFINITY): void {
    if (this.#waiting.length === 0 && now - this.#lastSentAt < heartbeatMs) return;
    this.#send(now);
    const backlog = this.#sink.backlog();
    if (backlog <= mostBacklogBytes) this.#listBytes = 0;
    if (backlog <= mostBacklogBytes + this.#listBytes) return;
    this.end({ kind: "resync", detail: "This reader was too slow: come again with the last cursor" });
  }

  /** Its last words. */
  end(envelope: Untold<Envelope>): void {
    this.tell(envelope);
    this.#send(Date.now());
    this.#sink.end();
  }

  /** Without a word: whoever has lost the right to listen. */
  cut(): void {
    this.#sink.end();
  }

  #send(now: number): void {
    const cursor = writeCursor(new Map([...this.#topics].map(([run, { seq }]) => [run, seq])));
    this.#sink.send(cursor, [`{"cursor":"${cursor}","at":${now},"envelopes":[`, ...this.#waiting, "]}"]);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#lastSentAt = now;
  }

  #push(...parts: readonly (string | Buffer)[]): void {
    if (this.#waiting.length > 0) this.#waiting.push(",");
    this.#waiting.push(...parts);
    for (const part of parts) this.#waitingBytes += part.length;
  }
}
