import type { Hindrance } from "./trafficLight.ts";

const causes: Readonly<Record<Hindrance, string>> = {
  limit: "the API's rate limit",
  overload: "the API, which is overloaded",
  pace: "its turn at the API",
};

/**
 * What a request waits for: "the API's rate limit, until 14:02:10 (7 ahead)".
 *
 * @param now ms since 1970
 */
export function waitWords(why: Hindrance, forMs: number | undefined, ahead: number, now: number): string {
  const isKnown = forMs !== undefined && why !== "pace";
  const until = isKnown ? `, until ${new Date(now + forMs).toTimeString().slice(0, 8)}` : "";
  return `${causes[why]}${until}${ahead === 0 ? "" : ` (${ahead} ahead)`}`;
}
