import type { Batch, Envelope } from "@claude-orchestrator/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Live } from "./live.ts";
import type { LiveParts } from "./live.ts";

const run = "run_0123456789";

/** A server and a clock that do what a test says. */
function rig() {
  const timers: { at: number; readonly action: () => void; isOff: boolean }[] = [];
  const opened: {
    readonly query: URLSearchParams;
    readonly hears: Parameters<LiveParts["open"]>[1];
    isOpen: boolean;
  }[] = [];
  const topics: (readonly { readonly run: string; readonly after: number }[])[] = [];
  const world = { now: 1_000_000, isSignedIn: true };
  const live = new Live({
    open: (query, hears) => {
      const stream = { query: new URLSearchParams(query), hears, isOpen: true };
      opened.push(stream);
      return () => (stream.isOpen = false);
    },
    changeTopics: (_stream, runs) => Promise.resolve(topics.push(runs)),
    isSignedIn: () => Promise.resolve(world.isSignedIn),
    now: () => world.now,
    random: () => 0.5,
    after: (ms, action) => {
      const timer = { at: world.now + ms, action, isOff: false };
      timers.push(timer);
      return () => (timer.isOff = true);
    },
  });
  const pass = async (ms: number): Promise<void> => {
    world.now += ms;
    for (const timer of timers.filter((each) => !each.isOff && each.at <= world.now)) {
      timer.isOff = true;
      timer.action();
    }
    await new Promise((resolve) => setImmediate(resolve));
  };
  const tell = (...envelopes: readonly Omit<Envelope, "n">[]): void => {
    const batch = { cursor: "", at: world.now, envelopes: envelopes as unknown as Envelope[] } satisfies Batch;
    opened.at(-1)?.hears.batch(JSON.stringify(batch));
  };
  return { live, opened, topics, world, pass, tell };
}

const hello = { kind: "hello", stream: "s", version: "1", heartbeat_ms: 10_000 } as const;

function events(from: number, through: number) {
  const each = (seq: number) => ({ seq, at: seq, type: "run-started" as const });
  return {
    kind: "events",
    run,
    from,
    through,
    events: Array.from({ length: through - from + 1 }, (_, at) => each(from + at)),
  } as const;
}

test("wherever the stream breaks, every event is known once, in order", async () => {
  const cuts = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.boolean()), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(cuts, async (steps) => {
      const { live, opened, pass, tell } = rig();
      live.connect();
      live.watch(run);
      tell(hello);
      let last = 0;
      for (const [count, breaks] of steps) {
        tell(events(last + 1, last + count));
        last += count;
        if (!breaks) continue;
        opened.at(-1)?.hears.failed();
        await pass(60_000);
        expect(opened.at(-1)?.query.get("cursor")).toBe(`${run}:${last}`);
        // What it was told already it may be told again.
        tell(hello, events(Math.max(1, last - 3), last));
      }
      const known = live.state.folded.get(run)?.events.map(({ seq }) => seq);
      expect(known).toEqual(Array.from({ length: last }, (_, at) => at + 1));
    }),
    { numRuns: 50 },
  );
});

test("silence for twice the heartbeat is no longer live, and it connects anew", async () => {
  const { live, opened, pass, tell } = rig();
  live.connect();
  tell(hello, { kind: "runs", runs: [] });
  expect(live.state.connection.is).toBe("live");
  await pass(20_001);
  expect(live.state.connection.is).toBe("reconnecting");
  expect(opened.at(-1)?.isOpen).toBe(false);
  await pass(1_000);
  expect(opened).toHaveLength(2);
  tell(hello);
  expect(live.state.connection.is).toBe("live");
});

test("whoever was signed out is told so, and asks no more", async () => {
  const { live, opened, world, pass } = rig();
  live.connect();
  world.isSignedIn = false;
  opened.at(-1)?.hears.failed();
  await pass(1_000);
  expect(live.state.connection.is).toBe("signed-out");
  await pass(600_000);
  expect(opened).toHaveLength(1);
});

test("a run is asked for as long as somebody looks at it, from where it is known", async () => {
  const { live, topics, pass, tell } = rig();
  live.connect();
  tell(hello);
  const leave = [live.watch(run), live.watch(run)];
  await pass(0);
  tell(events(1, 3));
  leave[0]?.();
  await pass(3_000);
  expect(live.state.folded.has(run)).toBe(true);
  leave[1]?.();
  await pass(3_000);
  expect(live.state.folded.has(run)).toBe(false);
  expect(topics.at(0)).toEqual([{ run, after: 0 }]);
  expect(topics.at(-1)).toEqual([]);
});

test("what is no batch is no reason to believe anything, and the stream is opened anew", async () => {
  const { live, opened, pass } = rig();
  live.connect();
  opened.at(-1)?.hears.batch("{");
  expect(live.state.connection.is).toBe("reconnecting");
  await pass(60_000);
  expect(opened).toHaveLength(2);
});
