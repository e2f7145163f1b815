import { describe, expect, it } from "vitest";
import { Live } from "./live.ts";

const run = {
  run: "run_a",
  name: "nightly",
  directory: "",
  created_at: null,
  instances: 1,
  verdicts: {},
  status: "running",
  exit_code: null,
  duration_ms: null,
  ended_at: null,
};

/** A stream that says what the test lets it say. */
function rig() {
  let hears: { batch(text: string): void; failed(): void } | undefined;
  const live = new Live({
    open: (_query, listener) => {
      hears = listener;
      return () => undefined;
    },
    changeTopics: () => Promise.resolve(),
    isSignedIn: () => Promise.resolve(true),
    kept: () => ({ at: 500, runs: [run] }),
    now: () => 1_000,
    random: () => 0,
    after: () => () => undefined,
  });
  live.connect();
  return {
    live,
    fail: () => hears?.failed(),
    tell: (...envelopes: object[]) => hears?.batch(JSON.stringify({ cursor: "", at: 1_000, envelopes })),
  };
}

describe("a page whose server does not answer", () => {
  it("shows nothing that was kept before it has asked", () => {
    expect(rig().live.state.runs).toBeUndefined();
  });

  it("shows what was kept as what it is: not live, and from when it was told", () => {
    const { live, fail } = rig();
    fail();
    expect(live.state.runs).toEqual([run]);
    expect(live.state.connection).toMatchObject({ is: "reconnecting", since: 500 });
  });

  it("takes what the server says for what was kept, once it does", () => {
    const { live, fail, tell } = rig();
    fail();
    live.connect();
    tell({ n: 1, kind: "runs", runs: [] });
    expect(live.state.runs).toEqual([]);
    expect(live.state.connection).toEqual({ is: "live" });
  });

  it("keeps what it was told itself, where the server goes away later", () => {
    const { live, fail, tell } = rig();
    tell({ n: 1, kind: "runs", runs: [] });
    fail();
    expect(live.state.runs).toEqual([]);
    expect(live.state.connection).toMatchObject({ is: "reconnecting", since: 1_000 });
  });
});
