import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { otlpJson } from "./otlpJson.ts";
import type { Span } from "./span.ts";

type Official = Parameters<typeof JsonTraceSerializer.serializeRequest>[0][number];

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef".split("")), minLength: digits, maxLength: digits });
const text = fc.string({ unit: "grapheme", maxLength: 20 });
const attributes = fc.dictionary(
  text.filter((name) => name !== "__proto__"),
  fc.oneof(text, fc.boolean(), fc.integer(), fc.double({ min: -1e15, max: 1e15, noNaN: true })),
  { maxKeys: 4 },
);
const moment = fc.integer({ min: 0, max: 4_102_444_800_000 });
const traceId = "0af7651916cd43dd8448eb211c80319c";

const anySpan: fc.Arbitrary<Span> = fc
  .record({
    traceId: fc.constant(traceId),
    spanId: hex(16),
    parentId: hex(16),
    name: text,
    kind: fc.constantFrom("internal", "client"),
    start: moment,
    end: moment,
    attributes,
    events: fc.array(fc.record({ name: text, at: moment, attributes }), { maxLength: 3 }),
    droppedEvents: fc.nat(),
    links: fc.array(hex(16), { maxLength: 2 }),
    status: fc.oneof(
      fc.constant({ code: "ok" } as const),
      fc.constant({ code: "unset" } as const),
      fc.record({ code: fc.constant("error" as const), message: text }),
    ),
    seq: fc.nat(),
  })
  .map((span): Span => span);

const hrTime = (at: number): [number, number] => [Math.floor(at / 1000), (at % 1000) * 1_000_000];
const context = (spanId: string): Official["parentSpanContext"] & object => ({ traceId, spanId, traceFlags: 1 });
const statusCodes = { unset: 0, ok: 1, error: 2 } as const;

/** One object each: spans are gathered by them. */
const resource = { attributes: { "service.name": "fleet" } };
const scope = { name: "claude-orchestrator", version: "1.2.3" };

/** The same span as OpenTelemetry's own SDK has it. */
function official(span: Span): Official {
  const { status } = span;
  const message = status.code === "error" ? { message: status.message } : {};
  return {
    name: span.name,
    kind: span.kind === "client" ? 2 : 0,
    spanContext: () => context(span.spanId),
    parentSpanContext: context(span.parentId ?? ""),
    startTime: hrTime(span.start),
    endTime: hrTime(span.end),
    status: { code: statusCodes[status.code], ...message },
    attributes: span.attributes,
    links: span.links.map((linked) => ({ context: context(linked), attributes: {} })),
    events: span.events.map(({ name, at, attributes: own }) => ({ name, time: hrTime(at), attributes: own })),
    duration: [0, 0],
    ended: true,
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: span.droppedEvents,
    droppedLinksCount: 0,
  } as unknown as Official;
}

test("what is written is what OpenTelemetry's own writer writes of the same spans", () => {
  fc.assert(
    fc.property(fc.array(anySpan, { minLength: 1, maxLength: 3 }), (spans) => {
      const ours: unknown = JSON.parse(otlpJson(spans, { attributes: { "service.name": "fleet" }, version: "1.2.3" }));
      const bytes = JsonTraceSerializer.serializeRequest(spans.map((span) => official(span)));
      expect(ours).toEqual(JSON.parse(new TextDecoder().decode(bytes)));
    }),
  );
});

test("what no collector could read is made readable: halves of characters, no number, names without end", () => {
  const span: Span = {
    traceId,
    spanId: "00f067aa0ba902b7",
    name: "a",
    kind: "internal",
    start: 1.5,
    end: -3,
    attributes: { long: "x".repeat(1000), cut: "\ud800", none: Number.NaN, gone: undefined },
    events: [],
    droppedEvents: 0,
    links: [],
    status: { code: "unset" },
    seq: 1,
  };
  const written = otlpJson([span], { attributes: {}, version: "1" });
  expect(written).toContain('{"key":"cut","value":{"stringValue":"\ufffd"}},{"key":"none","value":{"doubleValue":0}}]');
  expect(written).toContain(`"${"x".repeat(256)}"`);
  expect(written).toContain('"startTimeUnixNano":"1500000","endTimeUnixNano":"0"');
});
