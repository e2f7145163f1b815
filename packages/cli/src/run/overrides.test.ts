import { describe, expect, test } from "vitest";
import { sampleInstance, samplePlan } from "../testing/sampleRun.ts";
import { overridePlan, readDuration } from "./overrides.ts";

const plan = samplePlan([], {
  instances: [
    sampleInstance("build", { agent: "command" }),
    sampleInstance("test", { needs: [{ instance: "build", when: "success" }] }),
    sampleInstance("docs"),
  ],
});

describe("flags over a plan", () => {
  test("change every instance that has a model, and leave programs of one's own alone", () => {
    const changed = overridePlan(plan, { model: "haiku", timeoutMs: 1000 });
    expect(changed.instances.map(({ model, timeoutMs }) => [model, timeoutMs])).toEqual([
      [undefined, 1000],
      ["haiku", 1000],
      ["haiku", 1000],
    ]);
  });

  test("choose instances with all that they need", () => {
    expect(overridePlan(plan, { only: ["test"] }).instances.map(({ name }) => name)).toEqual(["build", "test"]);
  });

  test("name the nearest instance where there is none of that name", () => {
    expect(() => overridePlan(plan, { only: ["tst"] })).toThrow("There is no instance `tst` in this run");
  });

  test("say which there are where no name is near, also where that is one", () => {
    const alone = samplePlan(["build"]);
    expect(() => overridePlan(alone, { only: ["zz"] })).toThrow(
      expect.objectContaining({ hint: "there is build" }) as Error,
    );
  });
});

test.each([
  ["90", 90_000],
  ["1h30m", 5_400_000],
  ["500ms", 500],
])("a duration of %s is %i ms", (text, ms) => {
  expect(readDuration("timeout", text)).toBe(ms);
});

test("what is no duration is refused with an example", () => {
  expect(() => readDuration("timeout", "soon")).toThrow("`--timeout` needs a duration, not `soon`");
});
