import type { Announcement } from "./announcement.ts";
import { Lane } from "./lane.ts";

/*
 * One credential's traffic light: how many requests may be at its API, and when the next one may go. No clock, no timers: the time
 * comes in, in ms of a clock that does not jump.
 *
 * 1. Nothing goes before a time the API has announced, in the lane (the model) it was announced for; while the API is overloaded,
 *    in none.
 * 2. Of what the API has not answered yet there are at most `#burst`: it doubles with what is accepted until something is refused;
 *    then it begins anew at one and creeps, so that few find out whether an announced time is true.
 * 3. Of what is under way there are at most `#most`, and at most as many as the API was seen to bear: never fewer than it is
 *    bearing at the moment, so that nothing waits for long answers only because a limit of another kind was met.
 * 4. With nothing under way something may go as soon as the times (1) are over: whatever was learnt, nothing waits for ever.
 */

const firstBurst = 8;
const longestBurst = 32;

/** Who is not refused within this time has been accepted: refusals come at once. */
const acceptedAfterMs = 5000;

/** So long after a refusal one more than was borne is tried again; longer with each time that it is refused again. */
const firstRetrialMs = 15_000;
const longestRetrialMs = 10 * 60_000;

/** Models whose limits are kept apart at most: names come from agents. */
const keptLanes = 100;

/** A request that is under way. */
export interface Slot {
  readonly lane: string;
  readonly sentAt: number;
  state: "unheard" | "accepted" | "left";
}

export type Signal =
  | { readonly is: "go" }
  /** Look again after so many ms at the latest; undefined: when something of this light changes. */
  | { readonly is: "wait"; readonly forMs: number | undefined; readonly why: Hindrance };

export type Hindrance = "limit" | "overload" | "pace";

export class TrafficLight {
  readonly #most: number;
  readonly #random: () => number;
  readonly #slots = new Set<Slot>();
  readonly #lanes = new Map<string, Lane>();
  /** Of all models beyond those that are kept. */
  readonly #others: Lane;
  /** For what holds all. */
  readonly #whole: Lane;
  #burst = firstBurst;
  /** So many under way were too many. */
  #tooMany = Infinity;
  /** So many under way are taken to be borne. */
  #borne = Infinity;
  #retrialAt = 0;
  #retrialMs = firstRetrialMs;
  #refusedAt = -Infinity;

  /**
   * @param most under way at once, whatever the API bears
   * @param random in [0, 1)
   */
  constructor(random: () => number, most: number = Infinity) {
    this.#most = most;
    this.#random = random;
    this.#others = new Lane(random);
    this.#whole = new Lane(random);
  }

  get underWay(): number {
    return this.#slots.size;
  }

  look(name: string, now: number): Signal {
    this.#hearSilence(now);
    const lane = this.#laneOf(name);
    if (this.#whole.closedUntil > now) return wait(this.#whole.closedUntil - now, "overload");
    if (lane.closedUntil > now) return wait(lane.closedUntil - now, "limit");
    const unheard = [...this.#slots].filter(({ state }) => state === "unheard");
    const refillMs = lane.roomIn(unheard.filter((slot) => slot.lane === name).length, now);
    if (refillMs > 0) return wait(refillMs, "limit");
    if (this.#slots.size === 0) return { is: "go" };
    if (this.#slots.size >= this.#most) return wait(undefined, "pace");
    const isRetrial = this.#slots.size + 1 === this.#tooMany && now >= this.#retrialAt;
    if (this.#slots.size >= Math.floor(this.#borne) && !isRetrial) {
      return wait(this.#retrialAt > now ? this.#retrialAt - now : undefined, "pace");
    }
    if (unheard.length < Math.floor(this.#burst)) return { is: "go" };
    const eldest = Math.min(...unheard.map(({ sentAt }) => sentAt));
    return wait(eldest + acceptedAfterMs - now, "pace");
  }

  /** Whoever calls this has seen that it may go, in the same step. */
  enter(lane: string, now: number): Slot {
    const slot: Slot = { lane, sentAt: now, state: "unheard" };
    this.#slots.add(slot);
    return slot;
  }

  /** The head of its answer has come. */
  heard(slot: Slot, { is, againInMs, quotas }: Announcement, now: number): void {
    const lane = this.#laneOf(slot.lane);
    lane.learn(quotas, now);
    if (is === "accepted") {
      this.#accepted(slot);
      return;
    }
    if (slot.state === "left" || (is === "final" && againInMs === undefined)) return;
    // Of those that were sent together the first one refused says it all.
    const isNews = slot.sentAt > this.#refusedAt;
    if (is === "overloaded") this.#close(this.#whole, againInMs, isNews, now);
    else this.#close(lane, againInMs, isNews, now);
    if (!isNews) return;
    this.#refusedAt = now;
    this.#slowDown(quotas.some(({ remaining }) => remaining < 1));
    this.#retrialAt = now + Math.round(this.#retrialMs * (1 + this.#random()));
  }

  /** It is over, however; a second call changes nothing. */
  leave(slot: Slot): void {
    slot.state = "left";
    this.#slots.delete(slot);
  }

  #close(lane: Lane, againInMs: number | undefined, isNews: boolean, now: number): void {
    if (againInMs !== undefined || isNews) lane.close(againInMs, now);
  }

  /** @param isCounted the refusal itself says what is used up: how many are under way has nothing to do with it */
  #slowDown(isCounted: boolean): void {
    this.#burst = 1;
    if (isCounted) return;
    const slots = [...this.#slots];
    const others = slots.length - 1;
    const borneNow = slots.filter(({ state }) => state === "accepted").length;
    if (slots.length >= this.#tooMany) this.#retrialMs = Math.min(longestRetrialMs, this.#retrialMs * 2);
    this.#tooMany = Math.max(2, slots.length);
    this.#borne = Math.max(1, borneNow, Math.floor(others * 0.7));
  }

  #accepted(slot: Slot): void {
    if (slot.state !== "unheard") return;
    slot.state = "accepted";
    if (slot.sentAt < this.#refusedAt) return;
    this.#laneOf(slot.lane).accepted();
    this.#whole.accepted();
    const size = this.#slots.size;
    const isUnlimited = this.#refusedAt === -Infinity;
    this.#burst = Math.min(longestBurst, this.#burst + (isUnlimited ? 1 : 1 / this.#burst));
    if (size >= this.#tooMany) {
      this.#tooMany = size + 1;
      this.#borne = size;
      this.#retrialMs = firstRetrialMs;
    } else if (size >= Math.floor(this.#borne)) {
      this.#borne = Math.min(this.#tooMany - 1, this.#borne + 1 / this.#borne);
    }
  }

  #hearSilence(now: number): void {
    for (const slot of this.#slots) {
      if (slot.state === "unheard" && now - slot.sentAt >= acceptedAfterMs) this.#accepted(slot);
    }
  }

  #laneOf(name: string): Lane {
    const known = this.#lanes.get(name) ?? (this.#lanes.size >= keptLanes ? this.#others : undefined);
    if (known !== undefined) return known;
    const lane = new Lane(this.#random);
    this.#lanes.set(name, lane);
    return lane;
  }
}

function wait(forMs: number | undefined, why: Hindrance): Signal {
  return { is: "wait", forMs, why };
}
