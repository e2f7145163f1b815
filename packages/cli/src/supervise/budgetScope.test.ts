import { scopeLabel } from "@claude-orchestrator/domain";
import type { BudgetLimit, BudgetScope } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { sampleInstance } from "../testing/sampleRun.ts";
import { scopeOf } from "./budgetScope.ts";

const limitOf = (scope: BudgetScope): BudgetLimit => ({ scope, unit: "tokens", limit: 1, enforcement: "block" });
const scopes: readonly BudgetScope[] = [
  { kind: "run" },
  { kind: "day", zone: "Europe/Rome" },
  { kind: "window", windowMs: 5 * 3_600_000 },
  { kind: "machine", windowMs: 30 * 86_400_000 },
  { kind: "command", command: "/review" },
  { kind: "instance", instance: "tests" },
  { kind: "sub_agent", instance: "tests" },
];
const plan = {
  limits: scopes.map(limitOf),
  instances: [sampleInstance("tests"), sampleInstance("docs", { commandKey: "/write" })],
};

describe("the word for a budget", () => {
  test("is what `budget show` calls it", () => {
    expect(scopes.map((scope) => scopeOf(plan, scopeLabel(scope)))).toEqual(scopes);
    expect(scopeOf(plan)).toEqual({ kind: "run" });
  });

  test("may be left short where only one is meant, and may name one that is not there yet", () => {
    const meant = ["5h", "/review", "docs", "/write", "attempt:docs"].map((word) => scopeOf(plan, word));
    expect(meant).toEqual([
      { kind: "window", windowMs: 5 * 3_600_000 },
      { kind: "command", command: "/review" },
      { kind: "instance", instance: "docs" },
      { kind: "command", command: "/write" },
      { kind: "attempt", instance: "docs" },
    ]);
  });

  test("that means none or two of them is refused with those there are", () => {
    expect(() => scopeOf(plan, "nobody")).toThrow("`nobody` names no budget of this run");
    expect(() => scopeOf(plan, "tests")).toThrow("`tests` names more than one budget of this run");
  });
});
