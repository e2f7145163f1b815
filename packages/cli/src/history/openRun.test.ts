import { describe, expect, test } from "vitest";
import { created, sampleInstance, samplePlan, stateOf } from "../testing/sampleRun.ts";
import { instanceOf, instancesOf } from "./openRun.ts";

const state = stateOf([
  created(
    samplePlan([], {
      instances: [
        sampleInstance("w (os=linux)", { group: "w", matrix: { os: "linux" } }),
        sampleInstance("w (os=mac)", { group: "w", matrix: { os: "mac" } }),
        sampleInstance("steps.1", { group: "steps" }),
        sampleInstance("steps.2", { group: "steps" }),
        sampleInstance("alone"),
      ],
    }),
  ),
]);

describe("the name of an instance", () => {
  test("is its own, or the beginning of it", () => {
    expect(instanceOf(state, "steps.2").name).toBe("steps.2");
    expect(instanceOf(state, "al").name).toBe("alone");
    expect(() => instanceOf(state, "none")).toThrow("There is no instance `none` in this run");
  });

  test("that may be several is refused with all of them", () => {
    expect(() => instanceOf(state, "w")).toThrow(
      expect.objectContaining({
        code: "instance-not-found",
        message: "`w` may be any of 2 instances",
        hint: "name one of them: `w (os=linux)`, `w (os=mac)`",
      }),
    );
  });

  test("may be that of a group where several are wanted", () => {
    const namesOf = (name: string) => instancesOf(state, name).map((each) => each.name);
    expect(namesOf("w")).toEqual(["w (os=linux)", "w (os=mac)"]);
    expect(namesOf("steps")).toEqual(["steps.1", "steps.2"]);
    expect(namesOf("steps.1")).toEqual(["steps.1"]);
    expect(namesOf("al")).toEqual(["alone"]);
    expect(() => namesOf("s")).toThrow("`s` may be any of 2 instances");
  });
});
