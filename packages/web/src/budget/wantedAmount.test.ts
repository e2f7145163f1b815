import type { BudgetLimit } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { outcomeWords, readAmount, suggested } from "./wantedAmount.ts";

const limit: BudgetLimit = { scope: { kind: "run" }, unit: "cost_usd", limit: 2, enforcement: "block" };

test("dollars and tokens are read as people write them, and nothing else is an amount", () => {
  expect(["2.50", " $3 ", "0.000001", "1,000"].map((text) => readAmount("cost_usd", text))).toEqual([
    2.5, 3, 0.000001, 1000,
  ]);
  expect(["1500000", "1.5M", "20k", "1_000"].map((text) => readAmount("tokens", text))).toEqual([
    1_500_000, 1_500_000, 20_000, 1000,
  ]);
  for (const text of ["", " ", "0", "-1", "abc", "1e9", "2.5.1", "NaN", "1M"])
    expect(readAmount("cost_usd", text)).toBe(undefined);
  for (const text of ["", "0", "-5", "$5", "0.1", "999999999999999b"])
    expect(readAmount("tokens", text)).toBe(undefined);
});

test("what is read is an amount above zero, whatever is written, and what is offered is read as more than there is", () => {
  const units = fc.constantFrom("tokens" as const, "cost_usd" as const);
  fc.assert(
    fc.property(units, fc.string(), (unit, text) => {
      const amount = readAmount(unit, text);
      expect(amount === undefined || (amount > 0 && Number.isFinite(amount))).toBe(true);
    }),
  );
  fc.assert(
    fc.property(units, fc.integer({ min: 1, max: 1_000_000 }), fc.nat({ max: 1_000_000 }), (unit, of, spent) => {
      expect(readAmount(unit, suggested({ unit, limit: of }, spent))).toBeGreaterThan(Math.max(of, spent));
    }),
  );
});

test("what comes of an amount is said before it is set", () => {
  expect(outcomeWords(limit, 2, 4)).toBe("What waits for room goes on within two seconds, as far as it fits.");
  expect(outcomeWords(limit, 2, 1)).toContain("what it covers is stopped");
  expect(outcomeWords({ ...limit, enforcement: "pause" }, 2, 2)).toContain("nothing it covers starts until it frees");
  expect(outcomeWords(limit, 2, 4, true)).toBe("At its end it stops what would spend more.");
  expect(outcomeWords(limit, 2, 1, true)).toContain("what it covers is stopped");
  expect(outcomeWords({ ...limit, scope: { kind: "day" } }, 2, 4)).toContain("Other runs keep their own.");
});
