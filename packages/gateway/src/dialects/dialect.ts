import type { JsonObject, TokenUsage } from "@claude-orchestrator/domain";

/** How one model API says things, as far as money is concerned: pure, JSON in, facts out. Nothing here throws. */
export interface Dialect {
  readonly name: "anthropic" | "openai-chat" | "openai-responses" | "gemini";
  /** What a request asks for. `path` is the URL's path: Gemini names the model there. */
  readonly readRequest: (body: JsonObject, path: string) => AskedRequest;
  /** What a whole answer, or one event of a streamed one, tells. */
  readonly readAnswer: (value: JsonObject) => AnswerNews;
  /** The same for a sentence of ours: a status and body at which this API's agents end at once, and may be gone on with. */
  readonly refusal: (reason: string) => { readonly status: number; readonly body: JsonObject };
}

export interface AskedRequest {
  readonly model?: string;
  /** The most tokens it may answer with, all answers together; undefined where the request does not say. */
  readonly maxOutput?: number;
  /** How the prompt may be charged at worst. */
  readonly cacheWrites: "none" | "5m" | "1h";
  /** It points at something that is not in the body (a file, an earlier answer): the prompt may be of any length. */
  readonly pointsOutside: boolean;
  /** It asks for what the catalogue has no price of: tools run by the API, a dearer tier. In words, for the refusal. */
  readonly unpriced?: string;
}

/** Counts are totals so far, never additions: the latest word on each kind counts. */
export interface AnswerNews {
  readonly model?: string;
  readonly usage?: Partial<TokenUsage>;
  /** Characters of new output in this event: for streams that are cut before their last word. */
  readonly outputLength?: number;
  /** The answer came to its end: what `usage` says by now is final. */
  readonly isLast?: boolean;
  /** The API gave up in the middle. */
  readonly isFailure?: boolean;
  /** Something was charged beside tokens. */
  readonly isChargedBeside?: boolean;
}
