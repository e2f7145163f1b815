import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readKeptRuns } from "./keptRuns.ts";

const run = {
  run: "run_a",
  name: "nightly",
  directory: "/runs/run_a",
  created_at: "2026-01-01T00:00:00.000Z",
  instances: 1,
  verdicts: { succeeded: 1 },
  status: "succeeded",
  exit_code: 0,
  duration_ms: 1,
  ended_at: "2026-01-01T00:00:01.000Z",
};

describe("the last list of runs", () => {
  it("comes back with its time", () => {
    expect(readKeptRuns(JSON.stringify({ at: 5, runs: [run] }))).toEqual({ at: 5, runs: [run] });
  });

  it("is a list of runs or nothing, whatever the browser kept", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const kept = readKeptRuns(text);
        expect(kept === undefined || kept.runs.every((each) => typeof each.run === "string")).toBe(true);
      }),
    );
    expect(readKeptRuns('{"at":5,"runs":[{"run":"run_a"}]}')).toBeUndefined();
    expect(readKeptRuns(null)).toBeUndefined();
  });
});
