import type { Clock } from "@claude-orchestrator/engine/ports";
import { describe, expect, test } from "vitest";
import type { Span } from "./span.ts";
import { mostInBatch, mostWaiting, SpanExporter } from "./spanExporter.ts";
import type { ExportAnswer } from "./spanExporter.ts";

const taken: ExportAnswer = { ok: true, rejected: 0, detail: "" };
const busy: ExportAnswer = { ok: false, why: "busy", detail: "HTTP 503" };
const dead: ExportAnswer = { ok: false, why: "unreachable", detail: "ECONNREFUSED" };
const refused: ExportAnswer = { ok: false, why: "final", detail: "HTTP 401" };

function spans(count: number, from = 1): readonly Span[] {
  return Array.from({ length: count }, (_each, at): Span => ({
    traceId: "a".repeat(32),
    spanId: "b".repeat(16),
    name: "span",
    kind: "internal",
    start: 0,
    end: 1,
    attributes: {},
    events: [],
    droppedEvents: 0,
    links: [],
    status: { code: "unset" },
    seq: from + at,
  }));
}

/** Time passes at once: every wait is over as soon as the loop turns, but those so long that only an end can cut them. */
function swiftClock(waits: number[], longest = Number.POSITIVE_INFINITY): Clock {
  return {
    wall: () => 0,
    monotonic: () => 0,
    after: (ms, action) => {
      waits.push(ms);
      const handle = ms > longest ? undefined : setImmediate(action);
      return () => clearImmediate(handle);
    },
  };
}

interface Rig {
  readonly exporter: SpanExporter;
  readonly batches: (readonly Span[])[];
  readonly waits: number[];
  readonly arrived: number[];
}

function rig(answers: (batch: number) => ExportAnswer | Promise<ExportAnswer>, longest?: number): Rig {
  const [batches, waits, arrived]: [(readonly Span[])[], number[], number[]] = [[], [], []];
  const exporter = new SpanExporter({
    clock: swiftClock(waits, longest),
    random: () => 0.5,
    arrived: (seq) => arrived.push(seq),
    send: async (batch) => {
      batches.push(batch);
      return answers(batches.length);
    },
  });
  return { exporter, batches, waits, arrived };
}

async function idle({ exporter }: Rig): Promise<void> {
  while (exporter.isBusy) await new Promise(setImmediate);
}

describe("spans on their way", () => {
  test("go in order, in batches, and what has arrived is said", async () => {
    const each = rig(() => taken);
    each.exporter.add(spans(mostInBatch + 3));
    await idle(each);
    expect(each.batches.map(({ length }) => length)).toEqual([mostInBatch, 3]);
    expect(each.arrived).toEqual([mostInBatch, mostInBatch + 3]);
    expect(await each.exporter.close(0)).toBeUndefined();
  });

  test("are tried again with growing waits while the collector is busy, and longer where it asks for it", async () => {
    const each = rig((tries) => (tries < 3 ? busy : tries === 3 ? { ...busy, retryAfterMs: 20_000 } : taken));
    each.exporter.add(spans(2));
    await idle(each);
    expect(each.waits).toEqual([2000, 1000, 2000, 20_000]);
    expect([each.batches.length, each.arrived]).toEqual([4, [2]]);
  });

  test("are lost after six tries, or at once where another try would not help, and the next ones are sent", async () => {
    const each = rig((tries) => (tries <= 6 ? busy : tries === 7 ? refused : taken));
    for (const from of [1, 11, 21]) {
      each.exporter.add(spans(1, from));
      await idle(each);
    }
    expect([each.batches.length, each.arrived]).toEqual([8, [21]]);
    expect(await each.exporter.close(0)).toEqual({ lost: 2, of: 3, detail: "HTTP 503" });
  });

  test("that a collector took in part are not sent again, and the rest is counted", async () => {
    const each = rig(() => ({ ok: true, rejected: 2, detail: "the collector rejected them" }));
    each.exporter.add(spans(5));
    expect(await each.exporter.close(1000)).toEqual({ lost: 2, of: 5, detail: "the collector rejected them" });
    expect([each.batches.length, each.arrived]).toEqual([1, [5]]);
  });

  test("beyond the bound are lost and counted, and nothing waits for them", async () => {
    const each = rig(() => taken, -1);
    each.exporter.add(spans(mostWaiting));
    each.exporter.add(spans(7));
    expect(await each.exporter.close(0)).toMatchObject({ lost: 7, of: mostWaiting + 7 });
  });

  test("whose sender throws are tried again like any other", async () => {
    const each = rig((tries) => (tries === 1 ? Promise.reject(new Error("ECONNREFUSED")) : taken));
    each.exporter.add(spans(1));
    await idle(each);
    expect(each.arrived).toEqual([1]);
  });
});

describe("the end of a run", () => {
  test("sends what waits without lingering", async () => {
    const each = rig(() => taken, -1);
    each.exporter.add(spans(4));
    expect(await each.exporter.close(5000)).toBeUndefined();
    expect(each.arrived).toEqual([4]);
  });

  test("gives a dead collector one more try, and no more for the rest", async () => {
    const each = rig(() => dead, -1);
    each.exporter.add(spans(3 * mostInBatch));
    const loss = await each.exporter.close(5000);
    expect(loss).toEqual({ lost: 3 * mostInBatch, of: 3 * mostInBatch, detail: "ECONNREFUSED" });
    expect(each.batches.length).toBe(1);
  });

  test("asks a busy collector again while there is time", async () => {
    const each = rig((tries) => (tries < 3 ? busy : taken), 4000);
    each.exporter.add(spans(2));
    expect(await each.exporter.close(5000)).toBeUndefined();
    expect(each.arrived).toEqual([2]);
  });

  test("waits for a collector that hangs as long as it is told, and sends nothing after it", async () => {
    const each = rig(() => new Promise(() => undefined));
    each.exporter.add(spans(2));
    expect(await each.exporter.close(5000)).toMatchObject({ lost: 2, detail: "no answer before the run's end" });
    each.exporter.add(spans(2));
    expect(each.batches.length).toBe(1);
  });

  test("with nothing to send is at once", async () => {
    expect(await rig(() => busy).exporter.close(5000)).toBeUndefined();
  });
});
