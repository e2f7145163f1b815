import { totalSpending, totalTokens } from "@claude-orchestrator/domain";
import type { RunState, Spending } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { totalsOf } from "./totals.ts";

const aSpending = fc
  .record({
    tokens: fc.integer({ min: 1, max: 1000 }),
    costUsd: fc.option(fc.nat(50), { nil: undefined }),
    final: fc.boolean(),
  })
  .map(({ tokens, costUsd, final }): Spending => {
    const usage = { input: tokens, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 };
    const cost = costUsd === undefined ? {} : { costUsd };
    return {
      byModel: { m: { usage, ...cost } },
      usage,
      ...cost,
      costSource: costUsd === undefined ? "unknown" : "reported",
      final,
    };
  });

test("the totals are those of the sum of all spending, without making that sum", () => {
  fc.assert(
    fc.property(fc.array(aSpending), (spendings) => {
      const state = {
        instances: new Map(spendings.map((spent, at) => [String(at), { spent }])),
      } as unknown as RunState;
      const sum = totalSpending(state);
      const { tokens, cost, isBound } = totalsOf(state);
      expect(tokens).toBe(totalTokens(sum.usage));
      expect(isBound).toBe(!sum.final || (sum.costUsd === undefined && tokens > 0));
      expect(sum.costUsd ?? cost).toBe(cost);
    }),
  );
});
