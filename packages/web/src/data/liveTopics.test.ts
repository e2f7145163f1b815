import { expect, test } from "vitest";
import { Live } from "./live.ts";
import type { LiveParts } from "./live.ts";

interface Told {
  readonly runs: readonly string[];
  /** The server has heard it. */
  heard(): void;
}

/** A page whose server hears what it is told when the test says so. */
function page() {
  const told: Told[] = [];
  let hears: { batch(text: string): void; failed(): void } | undefined;
  const parts: LiveParts = {
    open: (_query, callbacks) => {
      hears = callbacks;
      return () => undefined;
    },
    changeTopics: (_stream, runs) =>
      new Promise<void>((resolve) => told.push({ runs: runs.map(({ run }) => run), heard: resolve })),
    isSignedIn: () => Promise.resolve(true),
    now: () => 0,
    random: () => 0,
    after: () => () => undefined,
  };
  const live = new Live(parts);
  live.connect();
  const hello = { n: 1, kind: "hello", stream: "s", version: "1", heartbeat_ms: 1000 };
  return { live, told, greet: () => hears?.batch(JSON.stringify({ cursor: "", at: 0, envelopes: [hello] })) };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("the server is told who is looked at one word after the other, so that the last word is the last it hears", async () => {
  const { live, told, greet } = page();
  greet();
  live.watch("run_a");
  await settle();
  live.watch("run_b");
  live.watch("run_c");
  await settle();
  expect(told.map(({ runs }) => runs)).toEqual([["run_a"]]);
  told[0]?.heard();
  await settle();
  expect(told.map(({ runs }) => runs)).toEqual([["run_a"], ["run_a", "run_b", "run_c"]]);
});

test("what the address of the stream has asked for already is not told again", async () => {
  const { live, told, greet } = page();
  live.watch("run_a");
  live.connect();
  greet();
  await settle();
  expect(told).toEqual([]);
});
