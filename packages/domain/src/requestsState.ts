import type { LoggedEvent, Spending } from "./events.ts";
import { isSameLimit } from "./budget.ts";
import { spendingOfRequest } from "./modelRequest.ts";
import type { RequestAmount } from "./modelRequest.ts";
import type { BudgetLimit } from "./plan.ts";
import { addSpending, nothingSpent } from "./spending.ts";

/** An attempt's requests to its model, as the gateway saw them. */
export interface RequestsState {
  /** The gateway's address, and SHA-256, in hex, of the token the attempt is known by there. */
  readonly url: string;
  readonly tokenHash: string;
  /** What is set aside for those under way, by their number. */
  readonly open: Readonly<Record<number, OpenRequest>>;
  readonly reserved: number;
  readonly settled: number;
  /** How many of the settled were not counted by the API's own word. */
  readonly uncertain: number;
  readonly refused: number;
  /** How long the settled were held by the gateway before they were sent, ms. */
  readonly waitedMs: number;
  /** How many of the refused did not fit which limit, as far as the log names it. */
  readonly refusedBy: readonly RefusedBy[];
  /** What the agent's own sub-agents asked for, by what its CLI calls them. All of it is in the attempt's spending as well. */
  readonly subAgents: SubAgents;
}

/** A limit is known by what it covers and counts: how high it stood then does not matter. */
interface RefusedBy extends Pick<BudgetLimit, "scope" | "unit"> {
  readonly count: number;
}

/** What is set aside for a request of which model, and for which sub-agent. */
export interface OpenRequest extends RequestAmount {
  readonly model?: string;
  readonly subAgent?: string;
}

export interface SubAgentState {
  /** Requests granted to it. */
  readonly requests: number;
  /** What those came to that are over. */
  readonly spent: Spending;
}

export type SubAgents = Readonly<Record<string, SubAgentState>>;

export type RequestEvent = Extract<
  LoggedEvent,
  { readonly type: "request-reserved" | "request-settled" | "request-refused" }
>;

export function noRequests({ url, tokenHash }: Pick<RequestsState, "url" | "tokenHash">): RequestsState {
  const counts = { reserved: 0, settled: 0, uncertain: 0, refused: 0, waitedMs: 0 };
  return { url, tokenHash, open: {}, ...counts, refusedBy: [], subAgents: {} };
}

/** A request settles once: what the log says of one that is not open changes nothing. */
export function countRequest(requests: RequestsState, event: RequestEvent): RequestsState {
  switch (event.type) {
    case "request-refused":
      return { ...requests, refused: requests.refused + 1, refusedBy: countRefused(requests.refusedBy, event.limit) };
    case "request-reserved":
      return reserve(requests, event);
    case "request-settled": {
      const { [event.request]: settled, ...open } = requests.open;
      if (settled === undefined) return requests;
      const uncertain = requests.uncertain + (event.counted === "reported" ? 0 : 1);
      const waitedMs = requests.waitedMs + (event.waitedMs ?? 0);
      const subAgents = spentBy(requests.subAgents, settled.subAgent, spendingOfRequest(event));
      return { ...requests, open, settled: requests.settled + 1, uncertain, waitedMs, subAgents };
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

type Reserved = Extract<RequestEvent, { readonly type: "request-reserved" }>;

function reserve(requests: RequestsState, { request, model, subAgent, worst }: Reserved): RequestsState {
  const by = { ...(model === undefined ? {} : { model }), ...(subAgent === undefined ? {} : { subAgent }) };
  const asked: OpenRequest = { ...worst, ...by };
  const { open, reserved } = requests;
  const subAgents = askedBy(requests.subAgents, subAgent);
  return { ...requests, open: { ...open, [request]: asked }, reserved: reserved + 1, subAgents };
}

/** With one more request granted to it. */
export function askedBy(all: SubAgents, id: string | undefined): SubAgents {
  if (id === undefined) return all;
  const { requests, spent } = knownOr(all, id);
  return { ...all, [id]: { requests: requests + 1, spent } };
}

/** With what one more of its requests came to. */
export function spentBy(all: SubAgents, id: string | undefined, added: Spending): SubAgents {
  if (id === undefined) return all;
  const { requests, spent } = knownOr(all, id);
  return { ...all, [id]: { requests, spent: addSpending(spent, added) } };
}

function knownOr(all: SubAgents, id: string): SubAgentState {
  return all[id] ?? { requests: 0, spent: nothingSpent };
}
