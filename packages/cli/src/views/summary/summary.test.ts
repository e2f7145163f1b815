import * as fc from "fast-check";
import { noUsage } from "@claude-orchestrator/domain";
import type { RunEvent } from "@claude-orchestrator/domain";
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
  test("tells how long an attempt has been running where one runs", () => {
    const running = stateOf([created(samplePlan(["review"])), { type: "run-started" }, planned("review")]);
    const options = { columns: Number.POSITIVE_INFINITY, glyphs: unicodeGlyphs, program: "x", now: noon + 14_500 };
    const text = summaryLines(running, [], options).map((each) => renderLine(each, noPaint));
    expect(text.find((each) => each.startsWith("review"))).toMatch(/● running +opus-5-5 +12\.5s/);
  });

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

  test("takes nothing that a failed instance left for its answer, and says of a refuted one that it was not accepted", () => {
    const failed = stateOf([
      created(samplePlan(["broken", "refuted"])),
      planned("broken"),
      ended("broken", {
        verdict: "failed",
        reason: "API Error: 400",
        result: "API Error: 400",
        failure: { kind: "invalid_request", message: "API Error: 400" },
        lastLines: ["API Error: 400"],
      }),
      settled("broken", { verdict: "failed", reason: "API Error: 400" }),
      planned("refuted"),
      ended("refuted", { verdict: "failed", verification: "refuted", reason: "not accepted: it is 7", result: "8" }),
      settled("refuted", { verdict: "failed", verification: "refuted", reason: "not accepted: it is 7" }),
      runSettled({ outcome: "failed", exitCode: 1 }),
    ]);
    const text = summarize(failed);
    expect(text.split("API Error: 400").length - 1).toBe(1);
    expect(text).not.toContain("broken answered");
    expect(text).toContain("refuted answered, and was not accepted\n  8");
  });

  test("names the models whose spending a budget in dollars could not count", () => {
    const mystery = { byModel: { "mystery-1": { usage: { ...noUsage, input: 500 } } } };
    const spent = stateOf([
      created(
        samplePlan(["known", "unknown"], {
          limits: [limit({ unit: "cost_usd", limit: 2 }), limit()],
          hideBudgets: true,
        }),
      ),
      planned("known"),
      ended("known"),
      settled("known"),
      planned("unknown"),
      ended("unknown", { spent: spending(500, undefined, mystery) }),
      settled("unknown"),
      runSettled(),
    ]);
    const sentence = "The price of mystery-1 is not known: what it spends is not counted against a budget in dollars";
    expect(summarize(spent)).toContain(sentence);
    const shown = { ...spent, plan: { ...spent.plan, hideBudgets: false } };
    expect(summarize(shown)).toMatch(/budget run .* ≥\$0\.2500 of \$2\.0000/);
    expect(summarize({ ...shown, plan: { ...spent.plan, limits: [limit()] } })).not.toContain("is not known");
  });

  test("marks what a budget has used as a lower bound where an agent did not tell its own totals", () => {
    const cut = stateOf([
      created(samplePlan(["a"], { limits: [limit()] })),
      planned("a"),
      ended("a", { verdict: "failed", spent: spending(1500, 0.25, { final: false }) }),
      settled("a", { verdict: "failed", reason: "cut" }),
      runSettled({ outcome: "failed", exitCode: 1 }),
    ]);
    expect(summarize(cut)).toContain("≥1.5K of 10.0K tokens");
    expect(summarize(cut)).toContain(
      "Figures are a lower bound where marked ≥: an agent ended before it told its own totals",
    );
  });

  test("never shows a price that nobody knows as if it were known", () => {
    const tests = summarize(state)
      .split("\n")
      .find((each) => each.startsWith("tests"));
    expect(tests).toMatch(/≥500 .* \?$/);
  });

  test("shows the difference of a replay line under line", () => {
    const reason = "not on the cassette:\n-    text: a\n+    text: b";
    const begun = { ...created(samplePlan(["a"])), replay: "/cassette" } as RunEvent;
    const events = [
      begun,
      planned("a"),
      ended("a", { verdict: "failed", reason }),
      settled("a", { verdict: "failed", reason }),
    ];
    const shown = summarize(stateOf([...events, runSettled({ outcome: "failed", exitCode: 1 })]));
    expect(shown).toContain("not on the cassette:\n    -    text: a\n    +    text: b\n");
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
