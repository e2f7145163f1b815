import * as fc from "fast-check";
import { noUsage } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { anyRun } from "../../testing/arbitraryRun.ts";
import {
  created,
  ended,
  limit,
  noon,
  planned,
  runSettled,
  samplePlan,
  settled,
  spending,
  stateOf,
} from "../../testing/sampleRun.ts";
import { budgetUses, SpendingHistory } from "../budgetUse.ts";
import { unicodeGlyphs } from "../text/glyphs.ts";
import { lineWidth, renderLine } from "../text/line.ts";
import { noPaint } from "../text/paint.ts";
import { summaryLines } from "./summaryLines.ts";

function summarize(state: ReturnType<typeof stateOf>, columns = Number.POSITIVE_INFINITY): string {
  const uses = budgetUses(state, new SpendingHistory(state.plan.limits), noon);
  const lines = summaryLines(state, uses, { columns, glyphs: unicodeGlyphs, program: "claude-orchestrator" });
  return lines.map((each) => renderLine(each, noPaint)).join("\n");
}

describe("the summary", () => {
  const state = stateOf([
    created(samplePlan(["review", "tests", "deploy"], { limits: [limit()] })),
    { type: "run-started" },
    planned("review"),
    ended("review", { result: Array.from({ length: 20 }, (_each, at) => `line ${at + 1}`).join("\n") }),
    settled("review"),
    planned("tests"),
    ended("tests", {
      verdict: "failed",
      reason: "it exited with 1",
      lastLines: ["AssertionError: 1 is not 2"],
      spent: spending(500, undefined, {
        final: false,
        byModel: { "mystery-1": { usage: { ...noUsage, input: 500 } } },
      }),
    }),
    settled("tests", { verdict: "failed", reason: "it exited with 1" }),
    settled("deploy", { verdict: "skipped", reason: "tests failed" }),
    runSettled({ outcome: "failed", exitCode: 1 }),
  ]);

  test("tells the outcome, the table, the failures, the answers, tools, money, budgets and places", () => {
    const text = summarize(state);
    for (const part of [
      "✗ nightly failed in 5.0s: 1 succeeded, 1 failed, 1 skipped",
      "✗ tests failed: it exited with 1",
      "    AssertionError: 1 is not 2",
      "    files: /tmp/runs/run_1/tests/1.stdout, .stderr",
      "deploy skipped: tests failed",
      "  … 14 more lines, full with `claude-orchestrator show run_",
      "told by the agent",
      "it can be overshot by one request in flight per running agent",
      "files    /tmp/runs/run_1",
    ]) {
      expect(text).toContain(part);
    }
  });

  test("never shows a price that nobody knows as if it were known", () => {
    const tests = summarize(state)
      .split("\n")
      .find((each) => each.startsWith("tests"));
    expect(tests).toMatch(/≥500 .* \?$/);
  });

  test("says so where the run was never settled", () => {
    expect(summarize(stateOf([created(samplePlan(["a"]))]))).toContain(
      "has not settled: it still runs, or its program ended before it did",
    );
  });

  test("fits every width, whatever agents say", () => {
    fc.assert(
      fc.property(anyRun, fc.integer({ min: 20, max: 160 }), (events, columns) => {
        const any = stateOf(events);
        const uses = budgetUses(any, new SpendingHistory(any.plan.limits), noon);
        const options = { columns, glyphs: unicodeGlyphs, program: "claude-orchestrator" };
        const wide = summaryLines(any, uses, options).map((each) => renderLine(each, noPaint, columns));
        for (const each of wide) expect(lineWidth([{ text: each }])).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
