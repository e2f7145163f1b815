import type { RunState } from "@claude-orchestrator/domain";
import { describe, expect, it } from "vitest";
import { paletteItems } from "./items.ts";
import { ranked } from "./rank.ts";

function summary(run: string, status: string) {
  return {
    run,
    name: `name of ${run}`,
    directory: "",
    created_at: null,
    instances: 0,
    verdicts: {},
    status,
    exit_code: null,
    duration_ms: null,
    ended_at: null,
  };
}

const runs = [summary("run_a", "running"), summary("run_b", "failed"), summary("run_c", "succeeded")];

describe("the palette", () => {
  it("offers first what can be done to the run that is looked at, then what was looked at", () => {
    const state = { plan: { name: "mine" }, phase: { status: "running" }, instances: new Map() } as unknown as RunState;
    const items = paletteItems({ runs, focused: { run: "run_a", state }, recent: ["run_a", "run_c", "run_gone"] });
    expect(items.slice(0, 3).map(({ title }) => title)).toEqual(["Pause mine", "name of run_c", "Now"]);
    expect(items.filter(({ id }) => id === "run_c")).toHaveLength(1);
  });

  it("asks before it stops anything", () => {
    const [stop] = ranked(paletteItems({ runs, recent: [] }), "stop");
    expect(stop?.path).toBe("/runs/run_a?do=stop");
    expect(stop?.does).toBeUndefined();
  });

  it("leads to the form of a new schedule", () => {
    expect(ranked(paletteItems({ runs, recent: [] }), "new sch")[0]?.path).toBe("/schedules?form=new");
  });

  it("finds a run by its id as by its name", () => {
    expect(ranked(paletteItems({ runs, recent: [] }), "run_b")[0]?.path).toBe("/runs/run_b");
  });
});
