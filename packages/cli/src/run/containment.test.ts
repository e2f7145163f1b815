import { expect, test } from "vitest";
import { containmentWish } from "./containment.ts";

test("processes are kept together as well as the machine can, unless the environment says otherwise", () => {
  expect(containmentWish({})).toBe("best");
  expect(containmentWish({ CLAUDE_ORCHESTRATOR_CONTAINMENT: "" })).toBe("best");
  expect(containmentWish({ CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep" })).toBe("sweep");
});

test("a word that means nothing is refused, for whoever wrote it counts on something", () => {
  expect(() => containmentWish({ CLAUDE_ORCHESTRATOR_CONTAINMENT: "none" })).toThrow("which means nothing");
});
