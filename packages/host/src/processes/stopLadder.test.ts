import { expect, test } from "vitest";
import type { Clock } from "@claude-orchestrator/engine/ports";
import { createStopLadder } from "./stopLadder.ts";

/** A clock whose timers ring when the test says so. */
function createHandClock(): Clock & { ring(): void } {
  let pending: (() => void)[] = [];
  return {
    wall: () => 0,
    monotonic: () => 0,
    after: (_ms, action) => {
      pending.push(action);
      return () => void (pending = pending.filter((one) => one !== action));
    },
    ring: () => {
      const now = pending;
      pending = [];
      for (const action of now) action();
    },
  };
}

function ladderWithClock() {
  const clock = createHandClock();
  const sent: string[] = [];
  const ladder = createStopLadder({ clock, send: (signal, to) => sent.push(`${signal} ${to}`) });
  return { clock, sent, ladder };
}

test("a ladder climbs rung by rung and ends with SIGKILL to the group, whatever it said", () => {
  const { clock, sent, ladder } = ladderWithClock();
  ladder.climb([
    { signal: "SIGINT", to: "process", waitMs: 1 },
    { signal: "SIGTERM", to: "group", waitMs: 1 },
  ]);
  expect(sent).toEqual(["SIGINT process"]);
  for (let times = 0; times < 4; times++) clock.ring();
  expect(sent).toEqual(["SIGINT process", "SIGTERM group", "SIGKILL group"]);
});

test("a second ladder takes the place of what is left of the first", () => {
  const { clock, sent, ladder } = ladderWithClock();
  ladder.climb([{ signal: "SIGINT", to: "process", waitMs: 1 }]);
  ladder.climb([{ signal: "SIGTERM", to: "process", waitMs: 1 }]);
  clock.ring();
  expect(sent).toEqual(["SIGINT process", "SIGTERM process", "SIGKILL group"]);
});

test("nothing is sent once the process has ended", () => {
  const { clock, sent, ladder } = ladderWithClock();
  ladder.climb([{ signal: "SIGINT", to: "process", waitMs: 1 }]);
  ladder.release();
  clock.ring();
  ladder.climb([{ signal: "SIGTERM", to: "process", waitMs: 1 }]);
  expect(sent).toEqual(["SIGINT process"]);
});
