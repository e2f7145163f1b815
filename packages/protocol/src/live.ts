import * as z from "zod";
import { loggedEvent, runSummary } from "./documents.ts";

/**
 * The live stream: one message is a batch of envelopes, over SSE (`data:` of one event) and WebSocket (one text frame) alike.
 *
 * 1. Envelopes of one stream are numbered from 1 without a gap.
 * 2. Events of a run come in the order of its log, without a gap: `from` is the `through` before it and one more.
 * 3. Whoever comes again with the last batch's cursor (`Last-Event-ID`, or `?cursor=`) is told of every run from there on, also
 *    by a server that was started anew: the cursor names the last event of each run, and the logs have all that follow.
 */
export const envelope = z.discriminatedUnion("kind", [
  z.object({
    n: z.int(),
    kind: z.literal("hello"),
    stream: z.string().describe("Names this stream, to change what it tells"),
    version: z.string(),
    heartbeat_ms: z
      .int()
      .describe("Something comes at least this often; nothing for twice as long means that it is cut off"),
  }),
  z
    .object({ n: z.int(), kind: z.literal("runs"), runs: z.array(runSummary) })
    .describe("The list of runs, newest first: replaces what was known"),
  z
    .object({ n: z.int(), kind: z.literal("run"), run: runSummary })
    .describe("One of the list is new, or another than it was"),
  z.object({ n: z.int(), kind: z.literal("run-gone"), run: z.string() }),
  z.object({
    n: z.int(),
    kind: z.literal("events"),
    run: z.string(),
    from: z.int(),
    through: z.int().describe("The last event of the batch; where the log is damaged, more than it holds"),
    events: z.array(loggedEvent),
  }),
  z
    .object({ n: z.int(), kind: z.literal("caught-up"), run: z.string(), through: z.int() })
    .describe("What comes from here on is new: once for each run"),
  z
    .object({ n: z.int(), kind: z.literal("run-lost"), run: z.string(), detail: z.string() })
    .describe("Its log cannot be read (any more)"),
  z
    .object({ n: z.int(), kind: z.literal("resync"), detail: z.string() })
    .describe("The reader was too slow: the stream ends; come again with the last cursor"),
  z
    .object({ n: z.int(), kind: z.literal("draining") })
    .describe("The server ends: the stream ends; come again with the last cursor"),
]);

export const batch = z.object({
  cursor: z.string().describe("Also the SSE `id:`"),
  at: z.number().describe("The server's clock, ms since 1970"),
  envelopes: z.array(envelope).describe("Empty: a heartbeat"),
});

export type Envelope = z.infer<typeof envelope>;
export type Batch = z.infer<typeof batch>;

/** At most so many runs on one stream. */
export const mostTopics = 100;

/** The last event seen of each run. */
export type Positions = ReadonlyMap<string, number>;

/** `run_a:120,run_b:7`. */
export function writeCursor(positions: Positions): string {
  return [...positions].map(([run, seq]) => `${run}:${seq}`).join(",");
}

/** Undefined for anything but a cursor. */
export function readCursor(text: string): Positions | undefined {
  if (text === "") return new Map();
  const parts = text.split(",");
  if (parts.length > mostTopics) return undefined;
  const positions = parts.map((part) => /^(run_[0-9a-z]{10}):(\d{1,15})$/.exec(part));
  if (positions.includes(null)) return undefined;
  return new Map(positions.map((match) => [match?.[1] ?? "", Number(match?.[2])]));
}
