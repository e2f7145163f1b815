import type { RequestAnswer } from "@claude-orchestrator/engine/ports";
import type { Wait, WaitingRoom } from "../proxy/waitingRoom.ts";
import type { Announcement } from "./announcement.ts";
import type { Hindrance, Slot, TrafficLight } from "./trafficLight.ts";

/*
 * Where requests pass their API's light and the desk that holds the budgets.
 *
 * 1. Both are passed in one synchronous step: nothing is at the API while it waits for a budget, and no budget has anything set
 *    aside for what waits for the API.
 * 2. Whoever has passed leaves, once, however its request ends.
 */

export type Passed =
  | Extract<RequestAnswer, { is: "granted" }>
  | Extract<RequestAnswer, { is: "refused" }>
  /** Nothing of it was sent: it has waited as long as it can, or the API has said that it would be in vain. */
  | { readonly is: "late"; readonly why: Hindrance; readonly againInMs: number | undefined };

interface Passing extends Omit<Wait, "place"> {
  readonly lane: string;
  /** The desk. */
  readonly ask: (final: boolean) => RequestAnswer;
  /** Called in the step in which the desk grants it. */
  readonly entered: (slot: Slot) => void;
  /** Told when it is seen to wait for its API, and again every half minute. */
  readonly waits: (why: Hindrance, forMs: number | undefined, ahead: number) => void;
}

/** Shorter waits are not told: the pace of a burst is no news. */
const toldAfterMs = 1000;
const toldEveryMs = 30_000;

/** One API's crossing. */
export class Crossing {
  readonly #room: WaitingRoom;
  readonly #light: TrafficLight;

  constructor(room: WaitingRoom, light: TrafficLight) {
    this.#room = room;
    this.#light = light;
  }

  /** Rejects when aborted. */
  async pass({ lane, ask, entered, waits, ...order }: Passing): Promise<Passed> {
    const wait: Wait = { ...order, place: this.#light };
    let tellAt: number | undefined;
    /** Gives in how many ms there is something to tell again. */
    const tell = (why: Hindrance, forMs: number | undefined): number => {
      const now = this.#room.now();
      tellAt ??= (forMs ?? 0) < toldAfterMs ? now + toldAfterMs : now;
      if (now >= tellAt) {
        tellAt = now + toldEveryMs;
        waits(why, forMs, this.#room.aheadOf(wait));
      }
      return tellAt - now;
    };
    return this.#room.until<Passed>((leftMs) => {
      const now = this.#room.now();
      const signal = this.#light.look(lane, now);
      if (signal.is === "go") {
        const answer = ask(leftMs <= 0);
        if (answer.is === "held") return { is: "held", againInMs: answer.retryInMs, isAtPlace: false };
        if (answer.is === "granted") entered(this.#light.enter(lane, now));
        return answer;
      }
      const { why, forMs } = signal;
      const isVain = leftMs <= 0 || (why !== "pace" && (forMs ?? 0) > leftMs);
      if (isVain) return { is: "late", why, againInMs: forMs };
      return { is: "held", againInMs: Math.min(tell(why, forMs), forMs ?? Infinity), isAtPlace: true };
    }, wait);
  }

  heard(slot: Slot, announcement: Announcement): void {
    this.#light.heard(slot, announcement, this.#room.now());
    this.#room.tryAt(this.#light);
  }

  leave(slot: Slot): void {
    this.#light.leave(slot);
    this.#room.tryAt(this.#light);
  }
}
