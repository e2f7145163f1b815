import fc from "fast-check";
import { expect, test } from "vitest";
import type { LoggedEvent } from "./events.ts";
import { foldAsRead, foldRun, reduceAsRead, reduceRun } from "./runState.ts";
import type { RunState } from "./runState.ts";

const names = ["a", "b", "c"];

const planOf = (known: readonly string[]) => ({
  name: "fleet",
  limits: [],
  notices: [],
  instances: known.map((name) => ({ name, agent: "claude" })),
});

const created = { type: "run-created", id: "run_0123456789", plan: planOf(names), version: "0", directory: "/r" };

const oneOf = fc.record({ instance: fc.constantFrom(...names, "unknown"), attempt: fc.integer({ min: 1, max: 3 }) });

const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 };
const spent = { usage, byModel: {}, isFinal: true };

const ofInstance = fc
  .tuple(
    fc.constantFrom(
      { type: "attempt-planned", agent: "claude", argv: [], files: { stdout: "", stderr: "" }, cwd: "", marker: "" },
      { type: "attempt-identified", model: "m" },
      { type: "attempt-progressed", activity: [], spent, tools: {}, turns: 1, events: 1, unreadable: 0 },
      { type: "attempt-denied", tool: "Bash", reason: "no" },
      { type: "attempt-stopping", cause: { kind: "user" } },
      { type: "limit-observed", window: "five_hour", status: "warning", utilization: 0.8 },
      { type: "instance-held", reason: "no room" },
      { type: "instance-settled", verdict: "succeeded", verification: "exit_code", reason: "" },
      // Not what their types say.
      { type: "attempt-progressed" },
      { type: "attempt-ended" },
      { type: "request-settled" },
    ),
    oneOf,
  )
  .map(([event, whose]) => ({ ...event, ...whose }));

const ofRun = fc.constantFrom(
  { type: "run-started" },
  { type: "run-paused", cause: { kind: "user" } },
  { type: "run-unpaused" },
  { type: "run-stopping", cause: { kind: "user" }, force: false },
  { type: "run-settled", outcome: "failed", exitCode: 1, durationMs: 1 },
  { type: "run-reopened", instances: ["a", "b"] },
  { type: "plan-changed", plan: planOf(["a", "c", "d"]) },
  { type: "plan-changed" },
  { type: "unheard-of" },
);

const rest = fc.array(fc.oneof({ weight: 4, arbitrary: ofInstance }, { weight: 1, arbitrary: ofRun }), {
  maxLength: 40,
});

/** A log as it may stand in a file: with its beginning or without, and with what a bug has written. */
const logs = fc.tuple(fc.boolean(), rest).map(([begins, events]) => {
  const all = begins ? [created, ...events] : events;
  return all.map((event, index) => ({ ...event, seq: index + 1, at: 10 * index })) as unknown as LoggedEvent[];
});

/** The log in batches, some of them empty. */
const batches = fc.tuple(logs, fc.array(fc.nat({ max: 50 }), { maxLength: 8 })).map(([events, cuts]) => {
  const at = [0, ...cuts.map((cut) => Math.min(cut, events.length)), events.length].toSorted((a, b) => a - b);
  return at.slice(1).map((end, index) => events.slice(at[index], end));
});

/** Event by event. */
function slowly(events: readonly LoggedEvent[], start: RunState | undefined) {
  let state = start;
  const passedOver: number[] = [];
  for (const event of events) {
    const answer = reduceAsRead(state, event);
    ({ state } = answer);
    if (answer.isPassedOver) passedOver.push(event.seq);
  }
  return { state, passedOver };
}

test("a log folds to the same state in batches, however it is cut, as event by event; what was handed in is left alone", () => {
  fc.assert(
    fc.property(batches, (given) => {
      let state: RunState | undefined;
      for (const batch of given) {
        const before = structuredClone(state);
        const passedOver: number[] = [];
        const next = foldAsRead(batch, state, ({ seq }, isPassedOver) => {
          if (isPassedOver) passedOver.push(seq);
        });
        expect({ state: next, passedOver }).toEqual(slowly(batch, state));
        expect([...(next?.instances.keys() ?? [])]).toEqual([...(slowly(batch, state).state?.instances.keys() ?? [])]);
        expect(state).toEqual(before);
        state = next;
      }
    }),
    { numRuns: 500 },
  );
});

test("a log that is what it says folds as a whole to what it folds to event by event", () => {
  fc.assert(
    fc.property(logs, (events) => {
      const { passedOver } = slowly(events, undefined);
      const readable = events.filter(({ seq }) => !passedOver.includes(seq));
      let state: RunState | undefined;
      for (const event of readable) state = reduceRun(state, event);
      expect(foldRun(readable)).toEqual(state);
    }),
  );
});

test("every instance that nothing happened to is the same one after a batch", () => {
  const start = foldRun([{ ...created, seq: 1, at: 0 } as unknown as LoggedEvent]);
  const held = { type: "instance-held", instance: "a", reason: "no room", seq: 2, at: 1 } as const;
  const after = foldRun([held, { ...held, instance: "b", seq: 3 }], start);
  expect(after?.instances.get("c")).toBe(start?.instances.get("c"));
  expect(start?.instances.get("a")?.phase).toEqual({ status: "waiting" });
  expect(after?.instances.get("a")?.phase.status).toBe("held");
});
