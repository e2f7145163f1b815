import type { LoggedEvent, RunId } from "@claude-orchestrator/domain";
import { openRunLog } from "@claude-orchestrator/store";
import { areFigures } from "./runUse.ts";
import type { RunUse } from "./runUse.ts";
import type { UsagePeriod } from "./usagePeriod.ts";

type Settled = Extract<LoggedEvent, { readonly type: "request-settled" }>;

/** A request to a model, as it was settled, with the run it belongs to. */
export interface DearRequest extends Pick<
  Settled,
  "instance" | "attempt" | "request" | "model" | "usage" | "outcome" | "counted" | "status" | "durationMs" | "waitedMs"
> {
  readonly run: RunId;
  readonly runName: string;
  /** When it was over, ms since 1970. */
  readonly at: number;
  readonly costUsd: number;
  /** Which of the agent's own sub-agents asked. */
  readonly subAgent?: string;
}

/** Finds the requests that cost most in the logs of runs, one log after the other; only so many are kept. */
export class DearestRequests {
  readonly #most: number;
  readonly #period: UsagePeriod;
  /** The dearest first. */
  #kept: DearRequest[] = [];
  readonly #seen = { requests: 0, costUsd: 0, unpriced: 0 };

  constructor(most: number, period: UsagePeriod) {
    this.#most = most;
    this.#period = period;
  }

  /** All requests that were looked at, what they cost together, and how many have no known price: those have no rank. */
  get seen(): { readonly requests: number; readonly costUsd: number; readonly unpriced: number } {
    return this.#seen;
  }

  get requests(): readonly DearRequest[] {
    return this.#kept;
  }

  /** @throws UserError log-not-usable */
  add(run: RunUse, directory: string): void {
    if (!run.attempts.some(({ throughGateway }) => throughGateway)) return;
    const log = openRunLog(directory);
    try {
      this.#addAll(run, log.events());
    } finally {
      log.close();
    }
  }

  #addAll(run: RunUse, events: Iterable<LoggedEvent>): void {
    const open = new Map<string, string | undefined>();
    for (const event of events) {
      if (event.type === "request-reserved") open.set(keyOf(event), event.subAgent);
      if (event.type !== "request-settled" || !open.has(keyOf(event))) continue;
      const subAgent = open.get(keyOf(event));
      open.delete(keyOf(event));
      if (this.#period.isTooEarly(event.at) || this.#period.isTooLate(event.at)) continue;
      this.#take(run, event, subAgent);
    }
  }

  #take(run: RunUse, event: Settled, subAgent: string | undefined): void {
    const { costUsd } = event;
    this.#seen.requests += 1;
    if (costUsd === undefined || !areFigures(event.usage, costUsd)) {
      this.#seen.unpriced += 1;
      return;
    }
    this.#seen.costUsd += costUsd;
    const cheapest = this.#kept.at(-1)?.costUsd ?? 0;
    if (this.#kept.length >= this.#most && costUsd <= cheapest) return;
    const { type: _type, seq: _seq, ...told } = event;
    const request = {
      ...told,
      costUsd,
      run: run.id,
      runName: run.name,
      ...(subAgent === undefined ? {} : { subAgent }),
    };
    const place = this.#kept.findIndex((each) => each.costUsd < costUsd);
    this.#kept.splice(place === -1 ? this.#kept.length : place, 0, request);
    this.#kept = this.#kept.slice(0, this.#most);
  }
}

function keyOf({ instance, attempt, request }: Extract<LoggedEvent, { readonly request: number }>): string {
  return `${attempt}/${request} ${instance}`;
}
