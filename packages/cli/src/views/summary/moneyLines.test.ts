import { noUsage } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import {
  created,
  ended,
  plannedThroughGateway,
  requestRefused,
  requestReserved,
  requestSettled,
  samplePlan,
  spending,
  stateOf,
} from "../../testing/sampleRun.ts";
import { unicodeGlyphs } from "../text/glyphs.ts";
import { renderLine } from "../text/line.ts";
import { noPaint } from "../text/paint.ts";
import { moneyLines } from "./moneyLines.ts";

function told(...events: Parameters<typeof stateOf>[0]): readonly string[] {
  const state = stateOf([created(samplePlan(["a", "b"])), ...events]);
  const options = { columns: Number.POSITIVE_INFINITY, glyphs: unicodeGlyphs, program: "claude-orchestrator" };
  return moneyLines(state, options).map((each) => renderLine(each, noPaint));
}

function cached(model: string, cacheRead: number, cacheWrite5m = 0) {
  const usage = { ...noUsage, input: 100_000, cacheRead, cacheWrite5m };
  return spending(0, 1, { usage, byModel: { [model]: { usage, costUsd: 1 } } });
}

test("the cache is told with what it saved, and without where no price is known", () => {
  const run = (model: string, read: number, written?: number) =>
    told(plannedThroughGateway("a"), ended("a", { spent: cached(model, read, written) }));
  expect(run("claude-opus-4-8", 900_000)).toEqual([
    "cache    90 % of what was sent was read from a cache, which saved $4.0500 by list prices",
  ]);
  expect(run("claude-opus-4-8", 100_000, 800_000)).toEqual([
    "cache    10 % of what was sent was read from a cache, which cost $0.5500 by list prices",
  ]);
  expect(run("mystery-1", 900_000)).toEqual([
    "cache    90 % of what was sent was read from a cache, and what it saved is not known",
  ]);
  expect(run("claude-opus-4-8", 0)).toEqual([]);
});

test("failed work is told with its cost and attempts, and nothing where all went well", () => {
  expect(told(plannedThroughGateway("a"), ended("a"))).toEqual([]);
  expect(
    told(
      plannedThroughGateway("a"),
      ended("a", { verdict: "failed" }),
      plannedThroughGateway("b"),
      ended("b", { verdict: "timed_out", spent: spending(10, 0.1, { final: false }) }),
    ),
  ).toEqual(["failed   ≥$0.3500 went into 2 attempts that did not succeed"]);
});

test("requests are told with those that were refused and those the API did not count", () => {
  expect(
    told(
      plannedThroughGateway("a"),
      requestReserved("a", 1, { tokens: 10 }),
      requestSettled("a", 1),
      requestReserved("a", 2, { tokens: 10 }),
      requestSettled("a", 2, { outcome: "lost", counted: "assumed", waitedMs: 90_000 }),
      requestRefused("a"),
    ),
  ).toEqual([
    "requests 2 through the gateway, 1 refused and not sent, 1 not counted by the API's own word, held for 1m30s in all before they were sent",
  ]);
});
