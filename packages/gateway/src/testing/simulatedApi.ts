import type { Announcement } from "../light/announcement.ts";

export interface ApiBehaviour {
  /** Requests answered at once. */
  readonly concurrent: number;
  /** Requests in each window. */
  readonly window: { readonly requests: number; readonly ms: number };
  /** Whether a refusal names a time. */
  readonly namesTime: boolean;
  /** Times at which it is overloaded: from, to. */
  readonly overloaded: readonly [number, number];
  /** Whether answers tell what is left of the window. */
  readonly tellsRest: boolean;
}

/** An API with limits, without a network: what it says to a request that comes now. */
export class SimulatedApi {
  readonly #is: ApiBehaviour;
  #underWay = 0;
  #windowEnds = 0;
  #used = 0;
  refused = 0;

  constructor(behaviour: ApiBehaviour) {
    this.#is = behaviour;
  }

  enter(now: number): Announcement {
    const { window, concurrent, overloaded, namesTime, tellsRest } = this.#is;
    if (now >= this.#windowEnds) [this.#windowEnds, this.#used] = [now + window.ms, 0];
    const [from, to] = overloaded;
    if (now >= from && now < to) return this.#refuse("overloaded", namesTime ? to - now : undefined);
    if (this.#used >= window.requests) return this.#refuse("limited", namesTime ? this.#windowEnds - now : undefined);
    if (this.#underWay >= concurrent) return this.#refuse("limited", namesTime ? 1000 : undefined);
    this.#used += 1;
    this.#underWay += 1;
    const remaining = window.requests - this.#used;
    const rest = { of: "requests", limit: window.requests, remaining, fullInMs: this.#windowEnds - now } as const;
    return { is: "accepted", quotas: tellsRest ? [rest] : [] };
  }

  leave(): void {
    this.#underWay -= 1;
  }

  #refuse(is: "limited" | "overloaded", againInMs: number | undefined): Announcement {
    this.refused += 1;
    return { is, quotas: [], ...(againInMs === undefined ? {} : { againInMs }) };
  }
}
