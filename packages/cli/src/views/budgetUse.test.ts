import type { RunEvent } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import {
  created,
  ended,
  limit,
  logged,
  noon,
  planned,
  plannedThroughGateway,
  progressed,
  requestRefused,
  requestReserved,
  requestSettled,
  samplePlan,
  spending,
  stateOf,
} from "../testing/sampleRun.ts";
import { budgetLines } from "./budgetLines.ts";
import { budgetUses, SpendingHistory } from "./budgetUse.ts";
import { asciiGlyphs } from "./text/glyphs.ts";
import { renderLine } from "./text/line.ts";
import { noPaint } from "./text/paint.ts";

describe("where a budget stands on the gateway's path", () => {
  const ofRun = limit({ unit: "cost_usd", limit: 5 });
  const ofA = limit({ scope: { kind: "instance", instance: "a" }, limit: 10_000 });
  const plan = samplePlan(["a", "b", "c"], { limits: [ofRun, ofA, limit({ enforcement: "warn", limit: 100_000 })] });
  const begun = [
    created(plan),
    plannedThroughGateway("a"),
    requestReserved("a", 1, { tokens: 4000, costUsd: 1 }),
    requestReserved("a", 2, { tokens: 3000, costUsd: 0.5 }),
    plannedThroughGateway("b"),
    requestReserved("b", 1, { tokens: 500, costUsd: 0.25 }),
    requestSettled("a", 1, { costUsd: 0.75 }),
    requestRefused("a", ofA),
    requestRefused("a", { ...ofA, limit: 20_000 }),
    requestRefused("b"),
    planned("c"),
  ];
  const usesOf = (events: readonly RunEvent[]) =>
    budgetUses(stateOf(events), new SpendingHistory(plan.limits), noon).map(({ used, left, requests }) => {
      return { used, left, requests };
    });

  test("is told as spent, set aside, left, and refused by this limit, however high it stood then", () => {
    expect(usesOf(begun)).toEqual([
      { used: 0.75, left: 3.5, requests: { reserved: 0.75, open: 2, refused: 0 } },
      { used: 1000, left: 6000, requests: { reserved: 3000, open: 1, refused: 2 } },
      { used: 1000, left: 95_500, requests: { reserved: 3500, open: 2, refused: 0 } },
    ]);
  });

  test("sets nothing aside any more once its requests are over, and nothing where none goes there", () => {
    const over = [...begun, requestSettled("a", 2), requestSettled("b", 1)];
    expect(usesOf(over)[0]).toEqual({ used: 0.77, left: 4.23, requests: { reserved: 0, open: 0, refused: 0 } });
    expect(usesOf([created(plan), planned("a")])[0]).toEqual({ used: 0, left: 5, requests: undefined });
  });

  test("is told in one line each, as far as the screen is wide", () => {
    const uses = budgetUses(stateOf(begun), new SpendingHistory(plan.limits), noon);
    const at = (columns: number) => budgetLines(uses, columns, asciiGlyphs).map((each) => renderLine(each, noPaint));
    expect(at(140)).toEqual([
      "budget run  ###----------------|----   15 %  $0.7500 of $5.0000     $3.5000 left             $0.7500 set aside",
      "budget a    ##-----------------|----   10 %  1.0K of 10.0K tokens   6.0K left     2 refused  3.0K set aside",
      "budget run  -------------------|----    1 %  1.0K of 100.0K tokens  95.5K left               3.5K set aside",
    ]);
    expect(at(80)).toEqual([
      "budget run   15 %  $0.7500 of $5.0000                $0.7500 set aside",
      "budget a     10 %  1.0K of 10.0K tokens   2 refused  3.0K set aside",
      "budget run    1 %  1.0K of 100.0K tokens             3.5K set aside",
    ]);
  });
});

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
    const use = { limit: limit({ limit: 1000 }), used: share * 1000, share, complete: true, unpriced: [], left: 0 };
    const [text = ""] = budgetLines([use], 120, asciiGlyphs).map((each) => renderLine(each, noPaint));
    expect(text.split(/ {2,}/)).toEqual(
      ["budget run", bar, percent, expect.stringContaining("of 1.0K tokens"), word].filter((each) => each !== ""),
    );
  });
});

test("a budget of the day is told as all runs have spent of it, and what is left for any of them", () => {
  const ofDay = limit({ scope: { kind: "day" }, unit: "tokens", limit: 10_000 });
  const plan = samplePlan(["a"], { limits: [ofDay] });
  const events: readonly RunEvent[] = [
    created(plan),
    planned("a"),
    progressed("a", 1000, ""),
    { type: "budget-observed", scope: ofDay.scope, unit: "tokens", used: 8000, ofRun: 1000 },
  ];
  const usesOf = (each: readonly RunEvent[]) => budgetUses(stateOf(each), new SpendingHistory(plan.limits), noon);
  expect(usesOf(events)).toMatchObject([{ used: 8000, left: 2000, share: 0.8, complete: false }]);
  const later = [...events, progressed("a", 2500, "")];
  expect(usesOf(later)).toMatchObject([{ used: 9500, left: 500 }]);
});
