import type { Attributes, AttributeValue } from "../conventions.ts";
import type { Span, SpanStatus } from "./span.ts";

/** Who sends the spans. */
export interface Resource {
  readonly attributes: Attributes;
  /** Of this program. */
  readonly version: string;
}

const longestText = 256;

const kinds = { internal: 1, client: 3 } as const;
const statusCodes: Readonly<Record<SpanStatus["code"], number>> = { unset: 0, ok: 1, error: 2 };

/** Sampled, as everything is; and it is known that the span is of this process (bit 8). */
const flags = 0x101;

/** An `ExportTraceServiceRequest` of OTLP in its JSON form: ids in hexadecimal, 64-bit numbers as text. */
export function otlpJson(spans: readonly Span[], { attributes, version }: Resource): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: keyValues(attributes), droppedAttributesCount: 0 },
        scopeSpans: [{ scope: { name: "claude-orchestrator", version }, spans: spans.map((span) => spanJson(span)) }],
      },
    ],
  });
}

function spanJson(span: Span): object {
  const { traceId, spanId, parentId, name, kind, status } = span;
  return {
    traceId,
    spanId,
    ...(parentId === undefined ? {} : { parentSpanId: parentId }),
    name: bounded(name),
    kind: kinds[kind],
    startTimeUnixNano: nanoseconds(span.start),
    endTimeUnixNano: nanoseconds(span.end),
    attributes: keyValues(span.attributes),
    droppedAttributesCount: 0,
    events: span.events.map((event) => ({
      attributes: keyValues(event.attributes),
      name: event.name,
      timeUnixNano: nanoseconds(event.at),
      droppedAttributesCount: 0,
    })),
    droppedEventsCount: span.droppedEvents,
    status: { code: statusCodes[status.code], ...(status.code === "error" ? { message: status.message } : {}) },
    links: span.links.map((linked) => ({
      attributes: [],
      spanId: linked,
      traceId,
      droppedAttributesCount: 0,
      flags,
    })),
    droppedLinksCount: 0,
    flags,
  };
}

/** Names of models, tools and sub-agents are what agents say they are. */
function bounded(text: string): string {
  return text.slice(0, longestText).toWellFormed();
}

/** From ms: a number of that size would lose its last digits. */
function nanoseconds(at: number): string {
  return String(BigInt(Math.max(0, Math.round(at * 1000))) * 1000n);
}

function keyValues(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: any(value) }],
  );
}

function any(value: AttributeValue): object {
  if (typeof value === "string") return { stringValue: bounded(value) };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: value } : { doubleValue: Number.isFinite(value) ? value : 0 };
}
