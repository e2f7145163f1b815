import {
  addSpending,
  askedBy,
  defaultBreakers,
  nothingSpent,
  spendingOfRequest,
  spentBy,
} from "@claude-orchestrator/domain";
import type {
  AttemptState,
  OpenRequest,
  RequestAmount,
  RunEvent,
  Spending,
  StopCause,
  SubAgents,
} from "@claude-orchestrator/domain";
import { Breakers } from "./breakers/breakers.ts";
import type { Trip } from "./breakers/breakers.ts";
import type { Grant } from "./budgetGuard.ts";
import type { AskedOfDesk, ObservedWindow, RequestAnswer, RequestDesk, RequestEnd } from "./ports.ts";
import type { RequestRefusal } from "./verdict.ts";

/*
 * An attempt's requests to its model, on the gateway's path.
 *
 * 1. `request-reserved` is appended, and the worst case set aside, before a request is granted: all in one synchronous step;
 *    it is on disk before the request is sent (`recorded`), so that no kill forgets what was under way.
 * 2. Each granted request settles once: a second word on one, or a word on none, is ignored.
 * 3. What the attempt has spent is the sum of its settled requests, and nothing else.
 * 4. What a request cost is counted before what was set aside for it is free: in between, it counts twice rather than not at all.
 * 5. How many are held is known by who holds them: each ends once, by itself, and nothing else begins or ends one.
 */

export interface RequestsRoom {
  reserve(asked: AskedOfRoom): Grant;
  release(request: number): void;
  /** Called after what was spent has changed. */
  spentChanged(): void;
  append(event: RequestNews): void;
  /** Called when a request begins to wait for room, with why; once for all that wait together. */
  held(reason: string): void;
  /** Called with true when the first request of those now here is kept from being sent, with false when the last one no longer is. */
  isHolding(any: boolean): void;
  saw(window: ObservedWindow): void;
  /** A breaker has tripped: gives the sentence to refuse with, where the attempt is stopped for it. */
  tripped(trip: Trip): string | undefined;
  /** Called at the first refusal: the agent should come to its end by itself now. */
  refused(cause: StopCause): void;
  /** ms since 1970. */
  wall(): number;
  /** Settles once what was appended so far is on disk. */
  recorded(): Promise<void>;
}

export interface AskedOfRoom {
  readonly request: number;
  readonly subAgent?: string | undefined;
  readonly worst: RequestAmount;
}

/** What is held is asked about again so often: what makes room may be a person, or another run. */
const askAgainMs = 2000;

type RequestEvent = Extract<RunEvent, { readonly type: "request-reserved" | "request-settled" | "request-refused" }>;

type RequestRefused = Extract<RequestEvent, { readonly type: "request-refused" }>;

/** Without the place it happened at. */
export type RequestNews = {
  [Type in RequestEvent["type"]]: Omit<Extract<RequestEvent, { type: Type }>, "instance" | "attempt">;
}[RequestEvent["type"]];

type SettledOrLost = Omit<RequestEnd, "counted"> & { readonly counted: RequestEnd["counted"] | "assumed" };

export class AttemptRequests implements RequestDesk {
  readonly #room: RequestsRoom;
  readonly #breakers: Breakers;
  /** By its number: what was asked, and by which sub-agent. */
  readonly #open = new Map<number, Pick<AskedOfDesk, "subAgent" | "fingerprint">>();
  #last = 0;
  #hasAsked = false;
  /** It was told that some wait for room. */
  #isWaiting = false;
  readonly #held = new Set<object>();
  #spent: Spending = nothingSpent;
  #subAgents: SubAgents = {};
  #refusal: RequestRefusal | undefined;

  constructor(room: RequestsRoom, breakers = defaultBreakers) {
    this.#room = room;
    this.#breakers = new Breakers(breakers);
  }

  get spent(): Spending {
    return this.#spent;
  }

  /** What of it the agent's own sub-agents have spent. */
  get subAgents(): SubAgents {
    return this.#subAgents;
  }

  /** False for an agent that may have found another way: it has not asked here, whatever became of it. */
  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  get refusal(): RequestRefusal | undefined {
    return this.#refusal;
  }

  /** Goes on where an earlier supervisor was gone: what was under way then may have cost all that was set aside for it. */
  takeOver({ requests, spent }: AttemptState): void {
    this.#spent = spent;
    this.#subAgents = requests?.subAgents ?? {};
    this.#last = requests?.reserved ?? 0;
    this.#hasAsked = this.#last > 0 || (requests?.refused ?? 0) > 0;
    for (const [key, worst] of Object.entries(requests?.open ?? {})) {
      const request = Number(key);
      this.#open.set(request, worst);
      this.#end(request, lostEnd(worst));
    }
  }

  holds(): () => void {
    const one = {};
    this.#held.add(one);
    if (this.#held.size === 1) this.#room.isHolding(true);
    return () => {
      if (!this.#held.delete(one) || this.#held.size > 0) return;
      this.#isWaiting = false;
      this.#room.isHolding(false);
    };
  }

  ask(asked: AskedOfDesk): RequestAnswer {
    this.#hasAsked = true;
    const { model, subAgent, worst, final } = asked;
    const trip = this.#breakers.asked(asked);
    const stopped = trip === undefined ? undefined : this.#room.tripped(trip);
    if (stopped !== undefined) return this.#refuseFor(asked, stopped);
    const request = this.#last + 1;
    const grant = this.#room.reserve({ request, subAgent, worst });
    if (grant.is === "granted") {
      this.#isWaiting = false;
      this.#last = request;
      this.#open.set(request, asked);
      this.#subAgents = askedBy(this.#subAgents, subAgent);
      const by = { ...(model === undefined ? {} : { model }), ...(subAgent === undefined ? {} : { subAgent }) };
      this.#room.append({ type: "request-reserved", request, ...by, worst });
      return { is: "granted", request };
    }
    if (grant.is === "held" && !final) {
      if (!this.#isWaiting) this.#room.held(grant.reason);
      this.#isWaiting = true;
      return { is: "held", retryInMs: Math.min(grant.freesInMs ?? askAgainMs, askAgainMs) };
    }
    return { is: "refused", reason: this.#refuse(asked, grant) };
  }

  #refuse({ model, worst, unpriced }: AskedOfDesk, grant: Exclude<Grant, { is: "granted" }>): string {
    const { cause, freesInMs } = grant;
    const isUnpriced = unpriced !== undefined && worst.costUsd === undefined;
    const reason = isUnpriced ? `${grant.reason}: it asks for ${unpriced}` : grant.reason;
    this.#refuseFor({ model, worst }, reason, limitIn(cause));
    // A sub-agent that has spent what is its own ends; the agent goes on without it.
    if (cause.kind === "budget" && cause.scope.kind === "sub_agent") return reason;
    if (this.#refusal === undefined) this.#room.refused(cause);
    this.#refusal = { reason, ...(freesInMs === undefined ? {} : { resetsAt: this.#room.wall() + freesInMs }) };
    return reason;
  }

  #refuseFor(
    { model, worst }: Pick<AskedOfDesk, "worst"> & { model?: string | undefined },
    reason: string,
    by: Pick<RequestRefused, "limit"> = {},
  ) {
    this.#room.append({ type: "request-refused", ...(model === undefined ? {} : { model }), worst, reason, ...by });
    return { is: "refused", reason } as const;
  }

  recorded(): Promise<void> {
    return this.#room.recorded();
  }

  settle(request: number, end: RequestEnd): void {
    this.#end(request, end);
  }

  waits(reason: string): void {
    this.#room.held(reason);
  }

  saw(window: ObservedWindow): void {
    this.#room.saw(window);
  }

  #end(request: number, end: SettledOrLost): void {
    const asked = this.#open.get(request);
    if (asked === undefined) return;
    const { subAgent } = asked;
    this.#open.delete(request);
    this.#room.append({ type: "request-settled", request, ...end });
    const cost = spendingOfRequest(end);
    this.#spent = addSpending(this.#spent, cost);
    this.#subAgents = spentBy(this.#subAgents, subAgent, cost);
    this.#room.spentChanged();
    this.#room.release(request);
    const trip = end.outcome === "answered" ? this.#breakers.answered(asked, end.costUsd) : undefined;
    if (trip !== undefined) this.#room.tripped(trip);
  }
}

/** Nobody saw its end: all that was set aside for it may be spent. */
function lostEnd({ model, tokens, costUsd }: OpenRequest): SettledOrLost {
  return {
    ...(model === undefined ? {} : { model }),
    usage: { ...nothingSpent.usage, input: tokens },
    ...(costUsd === undefined ? {} : { costUsd }),
    outcome: "lost",
    counted: "assumed",
    durationMs: 0,
  };
}

function limitIn(cause: StopCause): Pick<RequestRefused, "limit"> {
  if (cause.kind !== "budget") return {};
  const { scope, unit, limit } = cause;
  return { limit: { scope, unit, limit } };
}
