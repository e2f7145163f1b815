import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { otlpJson } from "./otlpJson.ts";
import type { Resource } from "./otlpJson.ts";
import type { OtlpSettings } from "./otlpSettings.ts";
import type { Span } from "./span.ts";
import type { ExportAnswer } from "./spanExporter.ts";

/** One POST, by whoever judges where it may go; rejects where it came to no answer. */
export type Post = (post: {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}) => Promise<{
  readonly status: number;
  /** The beginning of the body, in one line. */
  readonly excerpt: string;
  readonly retryAfterMs: number | undefined;
}>;

/** By OTLP these, and no others, are worth another try. */
const passing: readonly number[] = [429, 502, 503, 504];

const zipped = promisify(gzip);

/** Sends a batch once, as OTLP over HTTP in JSON. */
export async function sendSpans(
  spans: readonly Span[],
  { settings, resource, post }: { readonly settings: OtlpSettings; readonly resource: Resource; readonly post: Post },
  signal: AbortSignal,
): Promise<ExportAnswer> {
  const text = Buffer.from(otlpJson(spans, resource));
  const { url, headers, allowPrivate, timeoutMs } = settings;
  const answer = await post({
    url,
    headers: {
      "user-agent": `claude-orchestrator/${resource.version}`,
      ...headers,
      "content-type": "application/json",
      ...(settings.gzip ? { "content-encoding": "gzip" } : {}),
    },
    body: settings.gzip ? await zipped(text) : text,
    allowPrivate,
    timeoutMs,
    signal,
  }).catch((error: unknown) => ({ error }));
  if ("error" in answer) return failed(answer.error);
  const { status, excerpt, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return partly(excerpt, spans.length);
  return { ok: false, why: passing.includes(status) ? "busy" : "final", detail: `HTTP ${status}`, retryAfterMs };
}

/** An address that must not be dialled stays one. */
function failed(error: unknown): ExportAnswer {
  const isRefused = error instanceof Error && error.name === "RefusedTarget";
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const words = error instanceof Error ? error.message || code : String(error);
  return { ok: false, why: isRefused ? "final" : "unreachable", detail: words };
}

/** A collector may take some and say how many it did not; those are not sent again. */
function partly(excerpt: string, most: number): ExportAnswer {
  const found = /"rejectedSpans"\s*:\s*"?(\d+)/.exec(excerpt);
  const rejected = Math.min(most, Number(found?.[1] ?? 0));
  return { ok: true, rejected, detail: rejected === 0 ? "" : "the collector rejected them" };
}
