import type { LoggedEvent } from "@claude-orchestrator/domain";
import type { Clock } from "@claude-orchestrator/engine/ports";
import { attemptPath, spanIdOf, traceRootOf } from "./identity.ts";
import type { OtlpSettings } from "./otlpSettings.ts";
import { sendSpans } from "./sendSpans.ts";
import type { Post } from "./sendSpans.ts";
import { SpanExporter } from "./spanExporter.ts";
import { SpanWriter } from "./spanWriter.ts";

/** At a run's end, what is still on its way is waited for this long. */
export const lastWaitMs = 5_000;

export interface RunTracesOptions {
  readonly run: string;
  /** Of this program. */
  readonly version: string;
  readonly settings: OtlpSettings;
  /** The span that the run was started in, as in the header of W3C Trace Context. */
  readonly traceparent: string | undefined;
  /** Spans up to this event of the log have arrived in an earlier life of the run. */
  readonly sentBefore: number;
  /** Called as more have arrived. */
  readonly arrived: (seq: number) => void;
  readonly post: Post;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Tells a collector of a run. Nothing of it throws, rejects or ends the run. */
export interface RunTraces {
  /** Events of the log that are on disk, in order and from the first one on. */
  take(events: readonly LoggedEvent[]): void;
  /** What an attempt's own programs are told of the span they work in, for telemetry of theirs: the header `traceparent`. */
  traceparentOf(instance: string, attempt: number): string;
  /** Waits for what is on its way, at most `lastWaitMs`. Gives what did not arrive, in a sentence. */
  close(): Promise<string | undefined>;
}

export function createRunTraces(options: RunTracesOptions): RunTraces {
  const { settings, version, run, sentBefore, post, clock, random, arrived } = options;
  const resource = {
    version,
    attributes: { "service.version": version, "service.instance.id": run, ...settings.resource },
  };
  const writer = new SpanWriter(options.traceparent);
  const send = (spans: Parameters<typeof sendSpans>[0], signal: AbortSignal): ReturnType<typeof sendSpans> =>
    sendSpans(spans, { settings, resource, post }, signal);
  const exporter = new SpanExporter({ send, clock, random, arrived });
  return {
    take: (events) => exporter.add(writer.take(events).filter(({ seq }) => seq > sentBefore)),
    traceparentOf: (instance, attempt) => {
      const { traceId } = traceRootOf(run, options.traceparent);
      return `00-${traceId}-${spanIdOf(run, attemptPath(instance, attempt))}-01`;
    },
    close: async () => {
      const loss = await exporter.close(lastWaitMs);
      if (loss === undefined) return undefined;
      const { lost, of, detail } = loss;
      return `${lost} of ${of} spans did not reach the collector at ${settings.url.origin}: ${detail}`;
    },
  };
}
