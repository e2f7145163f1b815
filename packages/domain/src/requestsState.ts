import type { LoggedEvent } from "./events.ts";
import { isSameLimit } from "./budget.ts";
import type { RequestAmount } from "./modelRequest.ts";
import type { BudgetLimit } from "./plan.ts";

/** An attempt's requests to its model, as the gateway saw them. */
export interface RequestsState {
  /** The gateway's address, and SHA-256, in hex, of the token the attempt is known by there. */
  readonly url: string;
  readonly tokenHash: string;
  /** What is set aside for those under way, by their number. */
  readonly open: Readonly<Record<number, RequestAmount>>;
  readonly reserved: number;
  readonly settled: number;
  /** How many of the settled were not counted by the API's own word. */
  readonly uncertain: number;
  readonly refused: number;
  /** How long the settled were held by the gateway before they were sent, ms. */
  readonly waitedMs: number;
  /** How many of the refused did not fit which limit, as far as the log names it. */
  readonly refusedBy: readonly RefusedBy[];
}

/** A limit is known by what it covers and counts: how high it stood then does not matter. */
interface RefusedBy extends Pick<BudgetLimit, "scope" | "unit"> {
  readonly count: number;
}

export type RequestEvent = Extract<
  LoggedEvent,
  { readonly type: "request-reserved" | "request-settled" | "request-refused" }
>;

export function noRequests({ url, tokenHash }: Pick<RequestsState, "url" | "tokenHash">): RequestsState {
  return { url, tokenHash, open: {}, reserved: 0, settled: 0, uncertain: 0, refused: 0, waitedMs: 0, refusedBy: [] };
}

/** A request settles once: what the log says of one that is not open changes nothing. */
export function countRequest(requests: RequestsState, event: RequestEvent): RequestsState {
  switch (event.type) {
    case "request-refused":
      return { ...requests, refused: requests.refused + 1, refusedBy: countRefused(requests.refusedBy, event.limit) };
    case "request-reserved":
      return { ...requests, open: { ...requests.open, [event.request]: event.worst }, reserved: requests.reserved + 1 };
    case "request-settled": {
      if (requests.open[event.request] === undefined) return requests;
      const { [event.request]: _, ...open } = requests.open;
      const uncertain = requests.uncertain + (event.counted === "reported" ? 0 : 1);
      const waitedMs = requests.waitedMs + (event.waitedMs ?? 0);
      return { ...requests, open, settled: requests.settled + 1, uncertain, waitedMs };
    }
  }
}

function countRefused(
  before: RequestsState["refusedBy"],
  limit: Pick<BudgetLimit, "scope" | "unit"> | undefined,
): RequestsState["refusedBy"] {
  if (limit === undefined) return before;
  const known = before.find((each) => isSameLimit(each, limit));
  if (known === undefined) return [...before, { scope: limit.scope, unit: limit.unit, count: 1 }];
  return before.map((each) => (each === known ? { ...each, count: each.count + 1 } : each));
}
