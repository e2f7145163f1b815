import { join } from "node:path";
import type { Actor, Positions } from "@claude-orchestrator/protocol";
import { Refusal } from "../http/refusal.ts";
import type { Principal } from "../access/accessBook.ts";
import { EventTail } from "./eventTail.ts";
import type { RunList } from "./runList.ts";
import type { Sink } from "./sink.ts";
import { Viewer } from "./viewer.ts";

const tickMs = 30;
/** While somebody waits for the past of a run: page by page, and in between everybody else. */
const behindTickMs = 5;
const listMs = 500;
/** Whoever was signed out listens no longer than this. */
const rightsMs = 2000;
const heartbeatMs = 10_000;
/** Streams at once: of one session's or token's name, and of all. */
const mostOfOne = 200;
const mostStreams = 1000;

export interface LiveOptions {
  readonly runsFolder: string;
  readonly version: string;
  readonly list: RunList;
  /** An error nobody can do anything about. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Tells every browser what happens, as it happens.
 *
 * 1. A run's log is read once, for all who follow it; with nobody there, nothing is read at all.
 * 2. Each is told every event after the one it knew, in order (`Viewer.advance`), whatever the others take.
 * 3. A reader who takes too little is cut off and comes again; nobody waits for it.
 */
export class LiveHub {
  readonly #options: LiveOptions;
  readonly #viewers = new Map<string, Viewer>();
  readonly #tails = new Map<string, EventTail>();
  #timer: NodeJS.Timeout | undefined;
  #listedAt = 0;
  #askedAt = 0;
  #isDraining = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    options.list.onChange((change) => {
      for (const viewer of this.#viewers.values()) viewer.tellList(change);
    });
  }

  get size(): number {
    return this.#viewers.size;
  }

  /** @throws Refusal where there are too many streams, of one or of all: whoever is to be told is asked before anything is sent */
  refuseMore({ actor }: Principal): void {
    const own = [...this.#viewers.values()].filter(
      ({ isClosed, principal }) => !isClosed && isSame(principal.actor, actor),
    );
    if (own.length < mostOfOne && this.#viewers.size < mostStreams) return;
    throw new Refusal(429, "too-many-streams", `${own.length} streams of ${actor.name} are open already`, {
      hint: "one stream tells of up to 100 runs: close those that nobody reads",
      retryAfterSeconds: Math.ceil(rightsMs / 1000),
    });
  }

  open(sink: Sink, principal: Principal, wish: { readonly list: boolean; readonly after: Positions }): void {
    const viewer = new Viewer(sink, principal, wish);
    this.#viewers.set(viewer.id, viewer);
    viewer.tell({ kind: "hello", stream: viewer.id, version: this.#options.version, heartbeat_ms: heartbeatMs });
    if (wish.list) this.#lookAtList();
    this.#tick();
  }

  /** @throws Refusal where there is no such stream, or it is another's */
  follow(stream: string, principal: Principal, wish: Positions): void {
    const viewer = this.#viewers.get(stream);
    if (viewer === undefined || !isSame(viewer.principal.actor, principal.actor))
      throw new Refusal(404, "not-found", "There is no such stream (any more)");
    viewer.follow(wish);
  }

  /** Everybody is told that the server ends, and to come again. */
  drain(): void {
    this.#isDraining = true;
    clearTimeout(this.#timer);
    for (const viewer of this.#viewers.values()) viewer.end({ kind: "draining" });
    this.#viewers.clear();
    for (const tail of this.#tails.values()) tail.close();
    this.#tails.clear();
  }

  #tick(): void {
    clearTimeout(this.#timer);
    if (this.#isDraining) return;
    try {
      this.#tellNews();
    } catch (error) {
      this.#options.onTrouble(error);
    }
    if (this.#viewers.size === 0) return;
    const isBehind = this.#viewers.values().some((viewer) => viewer.isBehind);
    this.#timer = setTimeout(() => this.#tick(), isBehind ? behindTickMs : tickMs);
  }

  #tellNews(): void {
    const now = performance.now();
    this.#removeGone(now);
    if (now - this.#listedAt > listMs && this.#viewers.values().some(({ wantsList }) => wantsList)) this.#lookAtList();
    const wanted = Map.groupBy(
      [...this.#viewers.values()].flatMap((viewer) => [...viewer.runs].map((run) => ({ run, viewer }))),
      ({ run }) => run,
    );
    for (const [run, followers] of wanted)
      this.#tellRun(
        run,
        followers.map(({ viewer }) => viewer),
        now,
      );
    for (const [run, tail] of this.#tails) {
      if (!wanted.has(run)) this.#closeTail(run, tail);
    }
    const wall = Date.now();
    for (const viewer of this.#viewers.values()) viewer.flush(wall, heartbeatMs);
  }

  #tellRun(run: string, viewers: readonly Viewer[], now: number): void {
    try {
      const tail = this.#tailOf(run, now);
      tail.poll(now, Math.min(...viewers.map((viewer) => viewer.positionOf(run))));
      for (const viewer of viewers) viewer.advance(run, tail);
      if (!viewers.some((viewer) => viewer.isBehindOn(run))) tail.forgetPages();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      for (const viewer of viewers) viewer.lose(run, detail);
    }
  }

  #tailOf(run: string, now: number): EventTail {
    const tail = this.#tails.get(run) ?? new EventTail(join(this.#options.runsFolder, run), now);
    this.#tails.set(run, tail);
    return tail;
  }

  #closeTail(run: string, tail: EventTail): void {
    tail.close();
    this.#tails.delete(run);
  }

  /** Whoever has not had the list gets it whole; the others have heard what has changed in it. */
  #lookAtList(): void {
    this.#listedAt = performance.now();
    const { list, onTrouble } = this.#options;
    const give = (): void => {
      for (const viewer of this.#viewers.values()) viewer.giveList(() => list.json);
    };
    list.look().then(give, onTrouble);
  }

  #removeGone(now: number): void {
    const asksRights = now - this.#askedAt > rightsMs;
    if (asksRights) this.#askedAt = now;
    for (const [id, viewer] of this.#viewers) {
      if (asksRights && !viewer.isClosed && !viewer.principal.isGood()) viewer.cut();
      if (viewer.isClosed) this.#viewers.delete(id);
    }
  }
}

function isSame(one: Actor, other: Actor): boolean {
  return one.kind === other.kind && one.name === other.name;
}
