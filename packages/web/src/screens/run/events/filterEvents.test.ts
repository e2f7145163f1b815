import fc from "fast-check";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { eventWords } from "./eventWords.ts";
import { filterEvents, groupEvents, indexOf, valuesIn } from "./filterEvents.ts";

const held = (seq: number, instance: string, reason: string): LoggedEvent => ({
  type: "instance-held",
  seq,
  at: seq,
  instance,
  reason,
});
const started = (seq: number): LoggedEvent => ({ type: "run-started", seq, at: seq });
const started2 = (seq: number, instance: string, attempt: number): LoggedEvent => ({
  type: "attempt-started",
  seq,
  at: seq,
  instance,
  attempt,
  process: { pid: 1, startTime: "", bootId: "" },
});

test("events are filtered by type, by instance and by what they say, in any case", () => {
  const events = [started(1), held(2, "lint", "No Room"), held(3, "test", "no room"), held(4, "lint", "a limit")];
  const seqs = (filter: Parameters<typeof filterEvents>[1]) => filterEvents(events, filter).map(({ seq }) => seq);
  expect(seqs({ type: "", instance: "", text: "" })).toEqual([1, 2, 3, 4]);
  expect(seqs({ type: "instance-held", instance: "", text: "" })).toEqual([2, 3, 4]);
  expect(seqs({ type: "", instance: "lint", text: "NO ROOM" })).toEqual([2]);
});

test("what can be chosen from is what is there, and an event is found by its number", () => {
  const events = [started(1), held(2, "test", ""), held(4, "lint", ""), held(5, "test", "")];
  expect(valuesIn(events, (event) => ("instance" in event ? event.instance : ""))).toEqual(["lint", "test"]);
  expect(["", "4", "3", "nonsense"].map((seq) => indexOf(events, seq))).toEqual([0, 2, 0, 0]);
});

test("an attempt's events are one group, and what the run does between is one of its own", () => {
  const events = [started(1), started(2), started2(3, "a", 1), started2(4, "b", 1), started2(5, "a", 1), started(6)];
  expect(groupEvents(events).map(({ instance, first, last, count }) => [instance, first.seq, last.seq, count])).toEqual(
    [
      ["", 1, 2, 2],
      ["a", 3, 5, 2],
      ["b", 4, 4, 1],
      ["", 6, 6, 1],
    ],
  );
});

test("each event is in exactly one group", () => {
  const event = fc.oneof(
    fc.nat().map(started),
    fc.tuple(fc.nat(), fc.constantFrom("a", "b"), fc.integer({ min: 1, max: 3 })).map(([s, i, a]) => started2(s, i, a)),
  );
  fc.assert(
    fc.property(fc.array(event), (events) => {
      expect(groupEvents(events).reduce((sum, { count }) => sum + count, 0)).toBe(events.length);
    }),
  );
});

test("an event that is not what its type says is shown all the same", () => {
  fc.assert(
    fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (type, rest) => {
      expect(typeof eventWords({ ...rest, type } as unknown as LoggedEvent)).toBe("string");
    }),
  );
  expect(eventWords({ type: "attempt-ended" } as unknown as LoggedEvent)).toBe("undefined: undefined");
  expect(eventWords({ type: "run-created" } as unknown as LoggedEvent)).toBe("");
});
