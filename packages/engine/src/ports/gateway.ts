import type { ModelPrice, RequestAmount, RequestOutcome, RunEvent, TokenUsage } from "@claude-orchestrator/domain";

/** Whose API a model is asked by. */
export type ModelVendor = ModelPrice["vendor"];

/** Stands between the agents and their models, so that budgets hold before money is spent and keys stay out of reach. */
export interface ModelGateway {
  /** What opens the APIs, by the names that stand in its place in the log, whoever says it. Absent: nothing to hide. */
  readonly keys?: Readonly<Record<string, string>>;
  /**
   * Opens a way for one attempt. Undefined where no key is known for that vendor: the attempt speaks to it by itself.
   *
   * @param tokenHash of an attempt that an earlier supervisor began: what it is known by goes on to be accepted
   */
  open(vendor: ModelVendor, tokenHash?: string, asking?: AskingInstance): GatewayPass | undefined;
}

/** Whose requests they are. */
export interface AskingInstance {
  readonly instance: string;
  /** Where it works; absolute. */
  readonly cwd: string;
  /** Where several wait for one API, higher ones are let through first. */
  readonly priority: number;
  /** As `accountOf` names it: what is told of an account's usage windows is told once for all of its instances. */
  readonly account: string;
}

export interface GatewayPass {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  /** What the agent shows instead of a key; unknown ("") for an attempt of an earlier supervisor. */
  readonly token: string;
  /** SHA-256 of the token, in hex. */
  readonly tokenHash: string;
  /** From here on requests are let through, each as the desk says; before, they are refused. */
  answerTo(desk: RequestDesk): void;
  /** The token dies. Requests under way are given up, and each has settled when this returns. */
  close(): void;
}

/** Decides on an attempt's requests. */
export interface RequestDesk {
  /**
   * A request has come and cannot be sent yet: it waits for its API, for room in a budget, or for the disk. Gives what must be
   * called when it goes on, is refused or given up; until then its agent is silent for our sake. Calling it again changes nothing.
   */
  holds(): () => void;
  /** Asked before a request is sent. `final`: it has waited as long as it can, so it is not held again. */
  ask(request: AskedOfDesk): RequestAnswer;
  /** Settles once what has been granted is on disk: nothing is sent before. Never rejects. */
  recorded(): Promise<void>;
  /** Called once for each granted request, when it is over. */
  settle(request: number, end: RequestEnd): void;
  /** A request waits for its API, not for a budget: as it begins to, and again and again while it does; or does not reach it. Why. */
  waits(reason: string): void;
  /** The API told where a usage window of the account stands. */
  saw(window: ObservedWindow): void;
}

/** As in the event `limit-observed`. */
export type ObservedWindow = Omit<
  Extract<RunEvent, { readonly type: "limit-observed" }>,
  "type" | "instance" | "attempt"
>;

export interface AskedOfDesk {
  readonly model?: string;
  /** Which of the agent's own sub-agents asks, as its CLI calls it; absent: the agent itself, or nobody says. */
  readonly subAgent?: string;
  /** The same for two requests that ask the same in the same words: SHA-256, in hex. Absent for a body that was not read. */
  readonly fingerprint?: string;
  readonly worst: RequestAmount;
  readonly final: boolean;
  /** What of it has no known price, in words. */
  readonly unpriced?: string;
}

export type RequestAnswer =
  /** `request` is its number within the attempt. */
  | { readonly is: "granted"; readonly request: number }
  /** Ask again when another request has settled, or after so many ms. */
  | { readonly is: "held"; readonly retryInMs: number | undefined }
  /** A sentence for the agent's person. */
  | { readonly is: "refused"; readonly reason: string };

export interface RequestEnd {
  readonly model?: string;
  readonly usage: TokenUsage;
  readonly costUsd?: number;
  readonly outcome: RequestOutcome;
  readonly counted: "reported" | "estimated";
  readonly status?: number;
  readonly durationMs: number;
  /** How long it was held here before it was sent, in ms: for its API's rate limit, for room in a budget, for the disk. */
  readonly waitedMs?: number;
  /** ms from its being sent to the first byte of its answer. */
  readonly firstByteMs?: number;
}
