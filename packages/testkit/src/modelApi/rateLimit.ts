import type { ServerResponse } from "node:http";
import { refuse, type Step } from "./step.ts";

/** What the stand-in takes of all who ask it together; what is beyond is answered with 429. */
export interface RateLimit {
  /** Requests that are answered at the same time. */
  readonly concurrent?: number;
  /** Requests in each window; all of them are there again at its end. */
  readonly window?: { readonly requests: number; readonly ms: number };
  /** Seconds that a 429 says to wait where no window says how long. Default 1. */
  readonly retryAfter?: number;
}

export interface RateLimitCounts {
  /** Requests answered with 429. */
  readonly refused: number;
  /** Of these those that came before the time that an earlier 429 had named. */
  readonly tooEarly: number;
  /** The most that were answered at the same time. */
  readonly most: number;
}

export interface RateLimiter {
  /** Undefined: it may pass, and is counted until its answer is over. */
  readonly enter: (response: ServerResponse) => Step | undefined;
  readonly counts: () => RateLimitCounts;
}

/** @param now ms since 1970 */
export function createRateLimiter(limit: RateLimit, now: () => number): RateLimiter {
  const { concurrent = Infinity, window, retryAfter = 1 } = limit;
  let [underWay, most, refused, tooEarly] = [0, 0, 0, 0];
  let announced = 0;
  let [windowEnds, windowUsed] = [0, 0];
  const isOver = (): boolean => {
    if (window === undefined) return false;
    if (now() >= windowEnds) [windowEnds, windowUsed] = [now() + window.ms, 0];
    return windowUsed >= window.requests;
  };
  const refusal = (seconds: number): Step => {
    refused += 1;
    if (now() < announced) tooEarly += 1;
    announced = Math.max(announced, now() + seconds * 1000);
    const headers = { "retry-after": String(seconds) };
    return refuse(429, "rate_limit_error", "This request would exceed your rate limit.", headers);
  };
  const enter = (response: ServerResponse): Step | undefined => {
    if (isOver()) return refusal(Math.ceil((windowEnds - now()) / 1000));
    if (underWay >= concurrent) return refusal(retryAfter);
    windowUsed += 1;
    underWay += 1;
    most = Math.max(most, underWay);
    let isUnderWay = true;
    const leave = (): void => {
      if (isUnderWay) underWay -= 1;
      isUnderWay = false;
    };
    response.once("finish", leave).once("close", leave);
    return undefined;
  };
  return { enter, counts: () => ({ refused, tooEarly, most }) };
}
