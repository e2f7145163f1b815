import type { BreakerPolicy } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Breakers } from "./breakers.ts";

const policy: BreakerPolicy = { onTrip: "warn", identicalRequests: 3, subAgents: 4, contextGrowth: 3 };

test("the same request trips when it is asked again after so many answers, once; another one never does", () => {
  const breakers = new Breakers(policy);
  const ask = (fingerprint: string) => {
    const trip = breakers.asked({ fingerprint });
    return trip ?? breakers.answered({ fingerprint }, undefined);
  };
  expect(["a", "b", "a", "c", "a"].map(ask)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(ask("a")).toEqual({ breaker: "identical_requests", value: 3, limit: 3 });
  expect(ask("a")).toBeUndefined();
});

test("a request that is tried again since it failed is no loop", () => {
  const breakers = new Breakers(policy);
  expect(Array.from({ length: 20 }, () => breakers.asked({ fingerprint: "a" })).some(Boolean)).toBe(false);
});

test("sub-agents trip exactly when there is one more than the limit, however often each asks", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }), (ids) => {
      const breakers = new Breakers(policy);
      const trips = ids.map((id) => breakers.asked({ subAgent: String(id) }) !== undefined);
      const fifth = ids.findIndex((_, at) => new Set(ids.slice(0, at + 1)).size === 5);
      expect(trips.indexOf(true)).toBe(fifth);
      expect(trips.filter(Boolean).length).toBe(fifth === -1 ? 0 : 1);
    }),
  );
});

test("turns that cost about the same never trip, whatever they cost; turns that grow and grow do", () => {
  const trips = (costs: readonly number[], of: BreakerPolicy = policy) => {
    const breakers = new Breakers(of);
    return costs.some((cost) => breakers.answered({}, cost) !== undefined);
  };
  const growing = Array.from({ length: 40 }, (_, turn) => 0.01 * 1.15 ** turn);
  expect([trips(growing), trips(growing, { ...policy, contextGrowth: 0 })]).toEqual([true, false]);
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 10, noNaN: true }),
      fc.array(fc.double({ min: 1, max: 2.9, noNaN: true })),
      (base, factors) => {
        expect(trips(factors.map((factor) => base * factor))).toBe(false);
      },
    ),
  );
});
