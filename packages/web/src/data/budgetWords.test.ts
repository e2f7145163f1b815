import type { BudgetScope } from "@claude-orchestrator/domain";
import { expect, it } from "vitest";
import { scopeWords } from "./budgetWords.ts";

it("says whose a budget is, also of a kind that is not known here", () => {
  const scopes: readonly BudgetScope[] = [
    { kind: "run" },
    { kind: "command", command: "/review" },
    { kind: "instance", instance: "tests" },
    { kind: "window", windowMs: 18_000_000 },
    { kind: "sub_agent", instance: "tests" },
    { kind: "of_tomorrow" } as unknown as BudgetScope,
  ];
  expect(scopes.map(scopeWords)).toEqual([
    "the whole run",
    "/review",
    "tests",
    "any 5h",
    "each sub-agent of tests",
    "of tomorrow",
  ]);
});
