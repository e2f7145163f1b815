import type { LoggedEvent } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { mostSteps, spendingSteps } from "../budget/spendingSteps.ts";
import { timelineRows } from "../screens/run/timeline/spans.ts";
import { addEvents, mostEvents, unknownRun } from "./runFold.ts";
import { RunHistory } from "./runHistory.ts";

const usage = { output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 };

function spent(tokens: number) {
  return {
    byModel: { m: { usage: { ...usage, input: tokens }, costUsd: tokens } },
    usage: { ...usage, input: tokens },
  };
}

const names = ["a", "b", "c", "d"];
const instances = names.map((name, at) => {
  return {
    name,
    group: at < 2 ? "first" : name,
    matrix: {},
    needs: at < 2 ? [] : [{ instance: "first", when: "success" }],
  };
});

function log(events: readonly Record<string, unknown>[]): readonly LoggedEvent[] {
  const created = { type: "run-created", plan: { instances, limits: [] } };
  return [created, { type: "run-started" }, ...events].map((event, at) => {
    return { seq: at + 1, at, ...event } as unknown as LoggedEvent;
  });
}

const anEvent = fc.record({
  type: fc.constantFrom(
    "attempt-planned",
    "attempt-started",
    "attempt-progressed",
    "attempt-ended",
    "instance-settled",
    "instance-held",
  ),
  instance: fc.constantFrom(...names),
  attempt: fc.integer({ min: 1, max: 2 }),
  spent: fc.integer({ min: 1, max: 9 }).map(spent),
  reason: fc.constant("so"),
});

test("in whatever pieces events are told, and however often, the history is that of the whole log", () => {
  const pieces = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(3)), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(anEvent, { maxLength: 60 }), pieces, (told, cuts) => {
      const events = log(told);
      const history = new RunHistory();
      let at = 0;
      for (const [count, again] of cuts) {
        history.take(events.slice(Math.max(0, at - again), at + count));
        at += count;
        expect(history.rows).toEqual(timelineRows(events.slice(0, at)));
        expect(history.rows).toBe(history.rows);
      }
      history.take(events);
      expect(history.steps).toEqual(spendingSteps(events));
      expect(history.rows).toEqual(timelineRows(events));
    }),
  );
});

test("what an instance does changes its own row, and no other's", () => {
  const history = new RunHistory();
  const events = log([
    { type: "attempt-planned", instance: "a", attempt: 1 },
    { type: "attempt-started", instance: "a", attempt: 1 },
  ]);
  history.take(events.slice(0, 3));
  const before = history.rows;
  history.take(events);
  expect(history.rows.map((row, at) => row === before[at])).toEqual([false, true, true, true]);
});

test("an instance waits for what it needs until the last member of it is over, also where all of it was over before a new plan", () => {
  const over = (instance: string) => ({ type: "instance-settled", instance, verdict: "succeeded", reason: "done" });
  const events = log([over("a"), over("b"), { type: "plan-changed", plan: { instances, limits: [] } }]);
  const kinds = timelineRows(events).map(({ spans }) => spans.map(({ kind, from, to }) => [kind, from, to]));
  expect(kinds[2]).toEqual([
    ["needs", 1, 3],
    ["slot", 3, undefined],
  ]);
});

test("an event that is not what its type says hides nothing of the others", () => {
  const history = new RunHistory();
  history.take(
    log([
      { type: "attempt-progressed", instance: "a", attempt: 1 },
      { type: "attempt-planned", instance: "a", attempt: 1 },
    ]),
  );
  expect(history.rows[0]?.spans.at(-1)?.kind).toBe("startup");
});

test("a run that tells of much more than can be kept is known as a whole: its newest events, and what all of them came to", () => {
  const count = mostEvents + 15_000;
  const says = Array.from({ length: count }, (_, at) => {
    return { type: "attempt-progressed", instance: names[at % 4], attempt: 1, spent: spent(at + 1), activity: [] };
  });
  const events = log(says);
  let run = unknownRun;
  for (let at = 0; at < events.length; at += 500)
    run = addEvents(run, events.slice(at, at + 500), Math.min(at + 500, events.length));
  expect(run.events.length).toBeGreaterThanOrEqual(mostEvents);
  expect(run.events.length).toBeLessThan(mostEvents + 5_000);
  expect(run.events.at(-1)?.seq).toBe(events.length);
  expect(run.state?.seq).toBe(events.length);
  const { steps } = run.history;
  expect(steps.length).toBeLessThanOrEqual(mostSteps);
  const last = says.slice(-4).reduce((sum, each) => sum + each.spent.usage.input, 0);
  expect(steps.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(last);
  expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).toSorted((a, b) => a - b));
  expect(unknownRun.history.steps).toEqual([]);
});
