import { createRunTraces } from "@claude-orchestrator/telemetry";
import type { LoggedEvent } from "@claude-orchestrator/domain";

/** A span as a collector reads it. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  readonly links: readonly { readonly spanId: string }[];
  readonly status: { readonly code: number; readonly message?: string };
}

export interface SpansWish {
  readonly traceparent?: string;
  readonly sentBefore?: number;
  /** Of the run. */
  readonly id?: string;
}

export interface CollectedSpans {
  readonly spans: readonly ReceivedSpan[];
  /** All that was sent. */
  readonly text: string;
  /** Up to which event of the log. */
  readonly sent: number;
  readonly traceparentOf: (instance: string, attempt: number) => string;
}

/** What a collector gets of a run, whose log comes in these pieces. */
export async function spansOf(
  pieces: readonly (readonly LoggedEvent[])[],
  { traceparent, sentBefore = 0, id = "run_test" }: SpansWish = {},
): Promise<CollectedSpans> {
  const bodies: string[] = [];
  let sent = 0;
  const traces = createRunTraces({
    run: id,
    version: "1",
    settings: {
      url: new URL("http://localhost:4318/v1/traces"),
      headers: {},
      allowPrivate: true,
      gzip: false,
      timeoutMs: 1000,
      resource: {},
    },
    traceparent,
    sentBefore,
    arrived: (seq) => (sent = seq),
    post: async ({ body }) => {
      bodies.push(Buffer.from(body).toString());
      return { status: 200, excerpt: "{}", retryAfterMs: undefined };
    },
    clock: { wall: () => 0, monotonic: () => 0, after: () => () => undefined },
    random: () => 0.5,
  });
  for (const piece of pieces) traces.take(piece);
  const problem = await traces.close();
  if (problem !== undefined) throw new Error(problem);
  return { spans: readSpans(bodies), text: bodies.join("\n"), sent, traceparentOf: traces.traceparentOf };
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, string | number | boolean>>;
}

/** The spans in bodies that a collector was sent. */
export function readSpans(bodies: readonly string[]): readonly ReceivedSpan[] {
  type Raw = Omit<ReceivedSpan, "attributes" | "events"> & {
    readonly attributes: readonly KeyValue[];
    readonly events: readonly { readonly name: string; readonly attributes: readonly KeyValue[] }[];
  };
  interface Body {
    readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Raw[] }[] }[];
  }
  const raw = bodies.flatMap((body) =>
    (JSON.parse(body) as Body).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
  return raw.map((span) => ({
    ...span,
    attributes: plain(span.attributes),
    events: span.events.map(({ name, attributes }) => ({ name, attributes: plain(attributes) })),
  }));
}

function plain(attributes: readonly KeyValue[]): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0] ?? ""]));
}
