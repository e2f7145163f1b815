import type { Attributes } from "../conventions.ts";

/** A span that has ended. Times in ms since 1970, ids in lower-case hexadecimal. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  readonly name: string;
  /** client: a request that left for a model. */
  readonly kind: "internal" | "client";
  readonly start: number;
  readonly end: number;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly droppedEvents: number;
  /** Spans of the same trace that this one goes on with: the attempt before a retry, a run before it was reopened. */
  readonly links: readonly string[];
  readonly status: SpanStatus;
  /** Number of the log's event that ended it. */
  readonly seq: number;
}

export interface SpanEvent {
  readonly name: string;
  readonly at: number;
  readonly attributes: Attributes;
}

/** unset: neither well nor badly, as of what was stopped or skipped. */
export type SpanStatus = { readonly code: "ok" | "unset" } | { readonly code: "error"; readonly message: string };
