import { addSpending, nothingSpent, spendingOfRequest } from "@claude-orchestrator/domain";
import type { AttemptState, RequestAmount, RunEvent, Spending, StopCause } from "@claude-orchestrator/domain";
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
 */

export interface RequestsRoom {
  reserve(request: number, worst: RequestAmount): Grant;
  release(request: number): void;
  /** Called after what was spent has changed. */
  spentChanged(): void;
  append(event: RequestNews): void;
  /** Called when a request begins to wait for room, with why; once for all that wait together. */
  held(reason: string): void;
  saw(window: ObservedWindow): void;
  /** Called at the first refusal: the agent should come to its end by itself now. */
  refused(cause: StopCause): void;
  /** ms since 1970. */
  wall(): number;
  /** Settles once what was appended so far is on disk. */
  recorded(): Promise<void>;
}

type RequestEvent = Extract<RunEvent, { readonly type: "request-reserved" | "request-settled" | "request-refused" }>;

type RequestRefused = Extract<RequestEvent, { readonly type: "request-refused" }>;

/** Without the place it happened at. */
export type RequestNews = {
  [Type in RequestEvent["type"]]: Omit<Extract<RequestEvent, { type: Type }>, "instance" | "attempt">;
}[RequestEvent["type"]];

export class AttemptRequests implements RequestDesk {
  readonly #room: RequestsRoom;
  readonly #open = new Set<number>();
  #last = 0;
  #hasAsked = false;
  #isWaiting = false;
  #spent: Spending = nothingSpent;
  #refusal: RequestRefusal | undefined;

  constructor(room: RequestsRoom) {
    this.#room = room;
  }

  get spent(): Spending {
    return this.#spent;
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
    this.#last = requests?.reserved ?? 0;
    this.#hasAsked = this.#last > 0 || (requests?.refused ?? 0) > 0;
    for (const [key, worst] of Object.entries(requests?.open ?? {})) {
      const request = Number(key);
      this.#open.add(request);
      this.#end(request, {
        usage: { ...nothingSpent.usage, input: worst.tokens },
        ...(worst.costUsd === undefined ? {} : { costUsd: worst.costUsd }),
        outcome: "lost",
        counted: "assumed",
        durationMs: 0,
      });
    }
  }

  ask({ model, subAgent, worst, final, unpriced }: AskedOfDesk): RequestAnswer {
    this.#hasAsked = true;
    const request = this.#last + 1;
    const grant = this.#room.reserve(request, worst);
    const named = model === undefined ? {} : { model };
    if (grant.is === "granted") {
      this.#isWaiting = false;
      this.#last = request;
      this.#open.add(request);
      const by = subAgent === undefined ? {} : { subAgent };
      this.#room.append({ type: "request-reserved", request, ...named, ...by, worst });
      return { is: "granted", request };
    }
    if (grant.is === "held" && !final) {
      if (!this.#isWaiting) this.#room.held(grant.reason);
      this.#isWaiting = true;
      return { is: "held", retryInMs: grant.freesInMs };
    }
    const { cause, freesInMs } = grant;
    const isUnpriced = unpriced !== undefined && worst.costUsd === undefined;
    const reason = isUnpriced ? `${grant.reason}: it asks for ${unpriced}` : grant.reason;
    this.#room.append({ type: "request-refused", ...named, worst, reason, ...limitIn(cause) });
    if (this.#refusal === undefined) this.#room.refused(cause);
    this.#refusal = { reason, ...(freesInMs === undefined ? {} : { resetsAt: this.#room.wall() + freesInMs }) };
    return { is: "refused", reason };
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

  #end(request: number, end: Omit<RequestEnd, "counted"> & { counted: RequestEnd["counted"] | "assumed" }): void {
    if (!this.#open.delete(request)) return;
    this.#room.release(request);
    this.#room.append({ type: "request-settled", request, ...end });
    this.#spent = addSpending(this.#spent, spendingOfRequest(end));
    this.#room.spentChanged();
  }
}

function limitIn(cause: StopCause): Pick<RequestRefused, "limit"> {
  if (cause.kind !== "budget") return {};
  const { scope, unit, limit } = cause;
  return { limit: { scope, unit, limit } };
}
