import { limitStanding } from "@claude-orchestrator/domain";
import type { BudgetLimit, BudgetScope } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RequestBook } from "./testing/requestBook.ts";

const who = fc.constantFrom("a", "b", "c");

const scope: fc.Arbitrary<BudgetScope> = fc.oneof(
  fc.constant({ kind: "run" } as const),
  who.map((instance) => ({ kind: "instance", instance }) as const),
);

const limits: fc.Arbitrary<readonly BudgetLimit[]> = fc.uniqueArray(
  fc.record({
    scope,
    unit: fc.constantFrom("tokens", "cost_usd"),
    limit: fc.integer({ min: 50, max: 400 }),
    enforcement: fc.constantFrom("block", "pause", "warn"),
  }),
  { minLength: 1, maxLength: 4, selector: ({ scope: each, unit }) => `${JSON.stringify(each)} ${unit}` },
);

const amount = fc.record({ tokens: fc.nat({ max: 150 }), costUsd: fc.double({ min: 0, max: 150, noNaN: true }) });

const steps = fc.array(fc.record({ instance: who, worst: amount, settles: fc.nat({ max: 3 }) }), { maxLength: 25 });

test("what a reader of the log is told of each limit is what the ledger holds: spent, set aside, and each refusal once", () => {
  fc.assert(
    fc.property(limits, steps, (given, each) => {
      const book = new RequestBook(given);
      for (const { instance, worst, settles } of each) {
        book.ask(instance, worst);
        if (settles > 0) book.settle(instance, settles, { tokens: 1, costUsd: 0.5 });
      }
      const state = book.state();
      const standings = book.ledger.standing(book.now).map(({ limit, used, reserved }) => {
        const { requests, left } = limitStanding(state, limit, used);
        expect(requests?.reserved).toBeCloseTo(reserved, 6);
        expect(left).toBeCloseTo(Math.max(0, limit.limit - used - reserved), 6);
        return requests?.refused ?? 0;
      });
      const refused = book.events.filter(({ type }) => type === "request-refused").length;
      expect(standings.reduce((sum, count) => sum + count, 0)).toBe(refused);
    }),
  );
});
