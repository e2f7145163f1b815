import type { ApiName } from "./conversation.ts";
import type { StepUsage } from "./step.ts";

/** One request as it came, and what became of it. */
export interface RecordedRequest {
  /** 1 for the first request of the server. */
  readonly number: number;
  readonly method: string;
  /** As sent: scenario prefix and query included. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
  readonly body: string;
  /** Of the address, "default" without one. */
  readonly run: string;
  /** The rest is set for requests that ask a model. */
  readonly api?: ApiName;
  readonly model?: string;
  readonly stream?: boolean;
  readonly scenario?: string;
  readonly turn?: number;
  readonly attempt?: number;
  readonly outcome: Outcome;
  /** HTTP status, once there is one. */
  readonly status?: number;
  /** What the answer said it cost, once it has been said to its end: this API's own ledger. */
  readonly told?: StepUsage;
  /** The client closed the connection before the answer was complete. */
  readonly clientGone: boolean;
}

export type Outcome =
  | "pending"
  /** Answered whole: a message, a count, a list of models, a probe. */
  | "answered"
  | "streamed"
  /** An HTTP error. */
  | "refused"
  | "stream-error"
  | "cut"
  /** Taken and not answered: a `hang`, or a `hold` not released yet. */
  | "waiting"
  /** The client went, or the server closed, while an answer was under way. */
  | "interrupted";

export type Entry = (change: Partial<RecordedRequest>) => void;

export interface Recorder {
  readonly open: (request: Omit<RecordedRequest, "number" | "outcome" | "clientGone">) => Entry;
  readonly count: () => number;
  readonly all: () => readonly RecordedRequest[];
  readonly waitFor: (matches: (request: RecordedRequest) => boolean) => Promise<RecordedRequest>;
}

/** Keeps requests in order of arrival and tells waiters of every change. */
export function createRecorder(): Recorder {
  const requests: RecordedRequest[] = [];
  const waiters = new Set<() => void>();
  const changed = (): void => {
    for (const waiter of waiters) waiter();
  };
  return {
    open(request) {
      const index = requests.length;
      let current: RecordedRequest = { ...request, number: index + 1, outcome: "pending", clientGone: false };
      requests.push(current);
      changed();
      return (change) => {
        current = { ...current, ...change };
        requests[index] = current;
        changed();
      };
    },
    count: () => requests.length,
    all: () => [...requests],
    waitFor: (matches) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = requests.find(matches);
          if (found === undefined) return;
          waiters.delete(look);
          resolve(found);
        };
        waiters.add(look);
        look();
      }),
  };
}
