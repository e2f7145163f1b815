import type { Quota } from "./announcement.ts";

/** What is left of a limit, as it was told at a moment. */
interface SeenQuota extends Quota {
  readonly seenAt: number;
}

const firstPauseMs = 1000;
const longestPauseMs = 30_000;

/** What is left of a limit holds nobody for longer: only a refusal is sure. */
const longestRefillMs = 2 * 60_000;

/** One model's limits at an API. Times are ms of the light's clock. */
export class Lane {
  readonly #random: () => number;
  readonly #quotas = new Map<Quota["of"], SeenQuota>();
  #closedUntil = 0;
  /** Refusals in a row that named no time. */
  #pauses = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  get closedUntil(): number {
    return this.#closedUntil;
  }

  /** Nothing goes before then: not before what was announced, and a little later by chance, since others may wait for the same. */
  close(againInMs: number | undefined, now: number): void {
    const pauseMs = againInMs ?? Math.min(longestPauseMs, firstPauseMs * 2 ** this.#pauses);
    if (againInMs === undefined) this.#pauses += 1;
    const later = Math.min(2000, 100 + pauseMs / 10) * this.#random();
    this.#closedUntil = Math.max(this.#closedUntil, Math.ceil(now + pauseMs + later));
  }

  accepted(): void {
    this.#pauses = 0;
  }

  learn(quotas: readonly Quota[], now: number): void {
    for (const quota of quotas) {
      const fullInMs = Math.min(longestRefillMs, quota.fullInMs);
      this.#quotas.set(quota.of, { ...quota, fullInMs, seenAt: now });
    }
  }

  /**
   * ms until there is room for one more; 0 where there is now.
   *
   * @param unheard requests that are on their way, and so in no count of what is left yet
   */
  roomIn(unheard: number, now: number): number {
    let longest = 0;
    for (const quota of this.#quotas.values()) {
      longest = Math.max(longest, refilledIn(quota, 1 + (quota.of === "requests" ? unheard : 0), now));
    }
    return longest;
  }
}

/** All limits of these APIs fill up evenly, and are full at their reset. */
function refilledIn({ limit, remaining, fullInMs, seenAt }: SeenQuota, wanted: number, now: number): number {
  const fullAt = seenAt + fullInMs;
  if (wanted <= remaining || now >= fullAt) return 0;
  const missing = limit === undefined ? 0 : limit - remaining;
  const enoughAt = missing > 0 ? seenAt + ((wanted - remaining) / missing) * fullInMs : fullAt;
  return Math.max(0, Math.ceil(Math.min(enoughAt, fullAt) - now));
}
