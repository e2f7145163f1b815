import { describe, expect, test } from "vitest";
import {
  created,
  ended,
  limit,
  logged,
  noon,
  planned,
  progressed,
  samplePlan,
  spending,
  stateOf,
} from "../testing/sampleRun.ts";
import { budgetLines } from "./budgetLines.ts";
import { budgetUses, SpendingHistory } from "./budgetUse.ts";
import { asciiGlyphs } from "./text/glyphs.ts";
import { renderLine } from "./text/line.ts";
import { noPaint } from "./text/paint.ts";

describe("what is used of a budget", () => {
  test("is counted per scope, each in its own unit", () => {
    const plan = samplePlan(["a", "b"], {
      limits: [
        limit({ limit: 4000 }),
        limit({ scope: { kind: "instance", instance: "b" }, unit: "cost_usd", limit: 1 }),
        limit({ scope: { kind: "command", command: "/none" } }),
      ],
    });
    const state = stateOf([
      created(plan),
      planned("a"),
      ended("a"),
      planned("b"),
      ended("b", { spent: spending(500, 0.5) }),
    ]);
    expect(budgetUses(state, new SpendingHistory(plan.limits), noon).map(({ used, share }) => [used, share])).toEqual([
      [2000, 0.5],
      [0.5, 0.5],
      [0, 0],
    ]);
  });

  test("of a rolling window forgets what is older, and counts a total that is told twice once", () => {
    const plan = samplePlan(["a"], { limits: [limit({ scope: { kind: "window", windowMs: 60_000 } })] });
    const events = [
      created(plan),
      planned("a"),
      progressed("a", 1000, ""),
      progressed("a", 1000, ""),
      progressed("a", 1500, ""),
    ];
    const history = new SpendingHistory(plan.limits);
    for (const event of logged(events)) history.add(event);
    const usedAt = (now: number): number | undefined => budgetUses(stateOf(events), history, now)[0]?.used;
    expect([usedAt(noon + 10_000), usedAt(noon + 63_000), usedAt(noon + 120_000)]).toEqual([1500, 500, 0]);
  });

  test("says that it is not complete where a model without a price spent against dollars", () => {
    const plan = samplePlan(["a"], { limits: [limit({ unit: "cost_usd", limit: 1 })] });
    const state = stateOf([created(plan), planned("a"), ended("a", { spent: spending(500, undefined) })]);
    const uses = budgetUses(state, new SpendingHistory(plan.limits), noon);
    const [text = ""] = budgetLines(uses, 120, asciiGlyphs).map((each) => renderLine(each, noPaint));
    expect(text).toContain(">=$0.0000 of $1.0000");
  });

  test.each([
    [0.5, "############-------|----", "50 %", ""],
    [0.85, "####################----", "85 %", "nearly spent"],
    [1, "########################", "100 %", "spent"],
    [1.2, "########################", "120 %", "over"],
  ])("of %d is drawn as a bar with a mark at 80 %, and in words", (share, bar, percent, word) => {
    const use = { limit: limit({ limit: 1000 }), used: share * 1000, share, complete: true, unpriced: [] };
    const [text = ""] = budgetLines([use], 120, asciiGlyphs).map((each) => renderLine(each, noPaint));
    expect(text.split(/ {2,}/)).toEqual(
      ["budget run", bar, percent, expect.stringContaining("of 1.0K tokens"), word].filter((each) => each !== ""),
    );
  });
});
