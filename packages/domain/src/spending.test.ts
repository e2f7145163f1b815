import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Spending } from "./events.ts";
import { addSpending, nothingSpent } from "./spending.ts";
import { addUsage, noUsage, subtractUsage, totalTokens } from "./usage.ts";
import type { TokenUsage } from "./usage.ts";

const count = fc.nat(1_000_000);
const anyUsage: fc.Arbitrary<TokenUsage> = fc.record({
  input: count,
  output: count,
  cacheRead: count,
  cacheWrite5m: count,
  cacheWrite1h: count,
  reasoning: count,
});
const anySpending: fc.Arbitrary<Spending> = fc
  .record({ usage: anyUsage, costUsd: fc.option(fc.nat(100), { nil: undefined }), model: fc.constantFrom("m", "n") })
  .map(({ usage, costUsd, model }) => ({
    byModel: { [model]: costUsd === undefined ? { usage } : { usage, costUsd } },
    usage,
    ...(costUsd === undefined ? {} : { costUsd }),
    costSource: costUsd === undefined ? ("unknown" as const) : ("reported" as const),
    final: true,
  }));

describe("spending", () => {
  test("adds up whichever way it is grouped, and the models' sums equal the whole", () => {
    fc.assert(
      fc.property(anySpending, anySpending, anySpending, (a, b, c) => {
        const sum = addSpending(addSpending(a, b), c);
        expect(sum).toEqual(addSpending(a, addSpending(b, c)));
        const models = Object.values(sum.byModel).reduce((total, model) => addUsage(total, model.usage), noUsage);
        expect(models).toEqual(sum.usage);
      }),
    );
  });

  test("of nothing changes nothing", () => {
    fc.assert(
      fc.property(anySpending, (a) => {
        expect([addSpending(nothingSpent, a), addSpending(a, nothingSpent)]).toEqual([a, a]);
      }),
    );
  });

  test("with an unknown part has an unknown cost", () => {
    const known: Spending = {
      ...nothingSpent,
      byModel: { m: { usage: noUsage, costUsd: 1 } },
      costUsd: 1,
      costSource: "priced",
    };
    const { costUsd: _, ...unpriced } = { ...nothingSpent, byModel: { n: { usage: noUsage } } };
    expect(addSpending(known, { ...unpriced, costSource: "unknown" }).costUsd).toBeUndefined();
  });
});

test("reasoning is part of output and never counted twice", () => {
  expect(totalTokens({ ...noUsage, output: 10, reasoning: 4 })).toBe(10);
});

test("a difference of usages is never negative", () => {
  fc.assert(
    fc.property(anyUsage, anyUsage, (a, b) => {
      expect(Object.values(subtractUsage(a, b)).every((value) => value >= 0)).toBe(true);
    }),
  );
});
