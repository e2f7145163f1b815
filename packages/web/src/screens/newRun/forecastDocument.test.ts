import type { Plan } from "@claude-orchestrator/domain";
import { describe, expect, it } from "vitest";
import { fitWords, forecastRows } from "./forecastDocument.ts";
import type { ForecastDocument } from "./forecastDocument.ts";

const figures = {
  tokens: { p50: 1000, p90: 2_500_000 },
  cost_usd: { p50: 0.5, p90: 12.345 },
  duration_ms: { p50: 61_000, p90: 600_000 },
};

const forecast: ForecastDocument = {
  runs: 3,
  instances: [
    { ...figures, name: "check", chance: 1, basis: "model", basis_count: 1 },
    { ...figures, name: "review", chance: 0.4, basis: "instance", basis_count: 3 },
    { ...figures, cost_usd: null, name: "fix", chance: 1, basis: "prior", basis_count: 0 },
  ],
  run: figures,
  budgets: [],
};

describe("a forecast in words", () => {
  it("tells each instance and the run, and says guess where nothing like it has run", () => {
    const plan = { instances: [{ name: "check", agent: "command" }] } as unknown as Plan;
    const [check, review, fix, run] = forecastRows(forecast, plan);
    expect(check?.from).toBe("1 run of programs");
    expect(review).toEqual({
      name: "review",
      tokens: ["1.0K", "2.5M"],
      cost: ["$0.5000", "$12.35"],
      time: ["1m1s", "10m0s"],
      from: "3 runs of this instance; runs in 40 % of runs",
      isGuess: false,
    });
    expect(fix).toMatchObject({ cost: ["?", "?"], from: "guess: nothing like it has run here", isGuess: true });
    expect(run).toMatchObject({ name: "The run", from: "guess in 1 of 3 instances", isGuess: true });
  });

  it("says whether a budget is likely to be enough", () => {
    const limit = { scope: { kind: "run" }, unit: "cost_usd", limit: 2, enforcement: "block" } as const;
    expect(fitWords({ ...limit, expected: { p50: 1, p90: 3 }, over: 0.25 })).toEqual({
      text: "the whole run: p90 of $3.0000 is over its $2.0000 (25 % of runs would need more)",
      fits: false,
    });
    expect(fitWords({ ...limit, expected: { p50: 1, p90: 2 }, over: 0 }).fits).toBe(true);
    expect(fitWords({ ...limit, expected: null, over: null }).text).toContain("cannot be said");
  });
});
