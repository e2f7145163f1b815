import type { Attributes } from "../conventions.ts";
import type { Span, SpanEvent, SpanStatus } from "./span.ts";

/** Events of one span beyond this are counted, not kept: as many as collectors take. */
const mostEvents = 128;

export type SpanHead = Pick<
  Span,
  "traceId" | "spanId" | "parentId" | "name" | "kind" | "start" | "links" | "attributes"
>;

/** A span that has begun. */
export class OpenSpan {
  readonly spanId: string;
  readonly #head: SpanHead;
  readonly #events: SpanEvent[] = [];
  #attributes: Attributes;
  #dropped = 0;

  constructor(head: SpanHead) {
    this.#head = head;
    this.spanId = head.spanId;
    this.#attributes = head.attributes;
  }

  /** What is undefined leaves what was set. */
  set(attributes: Attributes): void {
    const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
    this.#attributes = { ...this.#attributes, ...Object.fromEntries(given) };
  }

  note(name: string, at: number, attributes: Attributes = {}): void {
    if (this.#events.length < mostEvents) this.#events.push({ name, at, attributes });
    else this.#dropped += 1;
  }

  /** A clock that was set back makes no span end before it began. */
  end(at: number, seq: number, status: SpanStatus): Span {
    return {
      ...this.#head,
      end: Math.max(at, this.#head.start),
      attributes: this.#attributes,
      events: this.#events,
      droppedEvents: this.#dropped,
      status,
      seq,
    };
  }
}
