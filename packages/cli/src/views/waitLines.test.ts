import { expect, test } from "vitest";
import {
  created,
  plannedThroughGateway,
  requestRefused,
  requestReserved,
  samplePlan,
  spending,
  stateOf,
} from "../testing/sampleRun.ts";
import { renderLine } from "./text/line.ts";
import { noPaint } from "./text/paint.ts";
import { unicodeGlyphs } from "./text/glyphs.ts";
import { summaryLines } from "./summary/summaryLines.ts";
import { waitLines } from "./waitLines.ts";

const waiting = {
  type: "attempt-progressed",
  instance: "a",
  attempt: 1,
  spent: spending(0, 0, { final: false }),
  tools: {},
  turns: 0,
  events: 1,
  unreadable: 0,
  activity: [{ kind: "waiting", text: "the API's rate limit, until 14:02:10" }],
  omitted: 0,
} as const;

function runOf(...events: Parameters<typeof stateOf>[0]) {
  return stateOf([created(samplePlan(["a", "b"])), plannedThroughGateway("a"), ...events]);
}

const told = (...events: Parameters<typeof stateOf>[0]): readonly string[] =>
  waitLines(runOf(...events), Number.POSITIVE_INFINITY).map((each) => renderLine(each, noPaint));

test("an instance whose request is held waits, with the reason, until the request goes on or is refused", () => {
  expect(told()).toEqual([]);
  expect(told(waiting)).toEqual(["a waits: the API's rate limit, until 14:02:10"]);
  expect(told(waiting, requestReserved("a", 1, { tokens: 1 }))).toEqual([]);
  expect(told(waiting, requestRefused("a"))).toEqual([]);
});

test("one that is held before it begins is told with its reason as well", () => {
  expect(told({ type: "instance-held", instance: "b", reason: "the budget is spent" })).toEqual([
    "b waits: the budget is spent",
  ]);
});

test("`show` calls it waiting and says why, and says neither of a run that nobody supervises", () => {
  const options = { columns: 100, glyphs: unicodeGlyphs, program: "claude-orchestrator" };
  const shown = (isInterrupted: boolean) =>
    summaryLines(runOf(waiting), [], { ...options, isInterrupted })
      .map((each) => renderLine(each, noPaint))
      .filter((each) => each.startsWith("a "))
      .map((each) => each.split(/ {2,}/).slice(0, 2));
  expect(shown(false)).toEqual([
    ["a", `${unicodeGlyphs.held} waiting`],
    ["a waits: the API's rate limit, until 14:02:10"],
  ]);
  expect(shown(true)).toEqual([["a", `${unicodeGlyphs.bad} interrupted`]]);
});
