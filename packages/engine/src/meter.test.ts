import { noUsage, totalTokens } from "@claude-orchestrator/domain";
import type { AgentEvent, TokenUsage } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Meter } from "./meter.ts";

const used = (input: number, output = 0): TokenUsage => ({ ...noUsage, input, output });
const perToken = (model: string, usage: TokenUsage) => (model === "known" ? totalTokens(usage) : undefined);

function meterOf(events: readonly AgentEvent[]): Meter {
  const meter = new Meter(perToken, undefined);
  for (const event of events) meter.take(event);
  return meter;
}

describe("a meter", () => {
  test("keeps the last word on each call and sums the calls", () => {
    const meter = meterOf([
      { type: "usage", key: "a", model: "known", usage: used(10, 1) },
      { type: "usage", key: "b", model: "known", usage: used(5) },
      { type: "usage", key: "a", model: "known", usage: used(10, 7) },
    ]);
    expect(meter.spending()).toMatchObject({ usage: used(15, 7), costUsd: 22, costSource: "priced", final: false });
  });

  test("lets the agent's own totals replace what it had counted, and adds the totals of later turns", () => {
    const totals = (input: number): AgentEvent => ({
      type: "totals",
      byModel: [{ model: "known", usage: used(input), costUsd: 0.5 }],
    });
    const meter = meterOf([{ type: "usage", key: "a", model: "known", usage: used(3) }, totals(100), totals(20)]);
    expect(meter.spending()).toMatchObject({ usage: used(120), costUsd: 1, costSource: "reported", final: true });
  });

  test("leaves the cost unknown where a model has no price, and never takes a guess for one", () => {
    const meter = meterOf([
      { type: "totals", byModel: [{ model: "odd", usage: used(5), costUsd: 9, costIsGuess: true }] },
    ]);
    expect(meter.spending().costUsd).toBeUndefined();
    expect(meter.spending().costSource).toBe("unknown");
  });

  test("sums the last word of each call, in whatever order and however often calls are told", () => {
    const anyCall = fc.record({ key: fc.constantFrom("a", "b", "c", "d"), input: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(anyCall), (calls) => {
        const last = new Map(calls.map((call) => [call.key, call.input]));
        const sum = [...last.values()].reduce((total, input) => total + input, 0);
        const meter = meterOf(
          calls.map(({ key, input }) => ({ type: "usage", key, model: "known", usage: used(input) })),
        );
        expect(totalTokens(meter.spending().usage)).toBe(sum);
      }),
    );
  });

  test("knows a call again that 511 others have been told since, and forgets none while it is spoken of", () => {
    const others = (count: number): readonly AgentEvent[] =>
      Array.from({ length: count }, (_, at) => ({ type: "usage", key: `other ${at}`, model: "known", usage: used(1) }));
    const first = (input: number): AgentEvent => ({ type: "usage", key: "first", model: "known", usage: used(input) });
    expect(totalTokens(meterOf([first(10), ...others(511), first(30)]).spending().usage)).toBe(541);
    const kept = others(2000).flatMap((other) => [other, first(30)]);
    expect(totalTokens(meterOf(kept).spending().usage)).toBe(2030);
    // One that is forgotten stays counted.
    expect(totalTokens(meterOf([first(10), ...others(600)]).spending().usage)).toBe(610);
  });
});
