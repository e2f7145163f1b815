import { noUsage, nothingSpent } from "@claude-orchestrator/domain";
import type { Spending } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { besideGateway } from "./bypass.ts";

const of = (input: number): Spending => ({ ...nothingSpent, usage: { ...noUsage, input } });

test("an agent that tells of notably more than it asked for here has asked elsewhere as well", () => {
  expect(besideGateway({ hasAsked: true, spent: of(10_000) }, of(50_000))).toEqual({ besideGateway: 40_000 });
  expect(besideGateway({ hasAsked: true, spent: of(0) }, of(2001))).toEqual({ besideGateway: 2001 });
});

test("nothing is said where it tells as much or less, where ways of counting differ a little, or where it asked nothing here", () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.double({ min: 0, max: 1.25, noNaN: true }), (metered, share) => {
      expect(besideGateway({ hasAsked: true, spent: of(metered) }, of(Math.floor(metered * share)))).toEqual({});
    }),
  );
  expect(besideGateway({ hasAsked: false, spent: of(0) }, of(50_000))).toEqual({});
  expect(besideGateway(undefined, of(50_000))).toEqual({});
});
