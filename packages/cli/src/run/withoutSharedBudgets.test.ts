import type { BudgetLimit } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { samplePlan } from "../testing/sampleRun.ts";
import { withoutSharedBudgets } from "./withoutSharedBudgets.ts";

const limit = (scope: BudgetLimit["scope"]): BudgetLimit => ({
  scope,
  unit: "cost_usd",
  limit: 5,
  enforcement: "block",
});

test("what is played keeps the budgets of its own run, and says which it does not keep", () => {
  const own = samplePlan(["only"], { limits: [limit({ kind: "run" })] });
  expect(withoutSharedBudgets(own)).toBe(own);
  const all = { ...own, limits: [...own.limits, limit({ kind: "day" }), limit({ kind: "machine", windowMs: 1000 })] };
  const played = withoutSharedBudgets(all);
  expect(played.limits).toEqual(own.limits);
  expect(played.notices.at(-1)).toContain("do not count in a replay");
});
