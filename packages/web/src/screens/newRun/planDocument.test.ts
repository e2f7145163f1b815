import { describe, expect, it } from "vitest";
import { levelsOf, limitWords } from "./planDocument.ts";
import type { PlanDocument } from "./planDocument.ts";

const instance = {
  agent: "claude",
  model: "haiku",
  work: { kind: "prompt", text: "Read\n  the source", before: [] },
  retry: { attempts: 2 },
  timeoutMs: 900_000,
  isolation: { kind: "worktree" },
  successWhen: [{ kind: "workspace_changed" }],
  continueOnFailure: true,
};

const document = {
  plan: {
    instances: [
      { ...instance, name: "a" },
      { ...instance, name: "b", work: { kind: "argv", argv: ["npm", "test"] } },
    ],
  },
  instances: [
    { name: "b", level: 2, needs: [{ instance: "a", when: "always" }], argv: [] },
    { name: "a", level: 1, needs: [], argv: [] },
    { name: "unknown", level: 1, needs: [], argv: [] },
  ],
} as unknown as PlanDocument;

describe("a plan in words", () => {
  it("puts the instances in the order they can begin, with who does what within which bounds", () => {
    const bounds = ["at most 15m", "2 attempts", "a worktree of its own", "1 check", "may fail"];
    expect(levelsOf(document)).toEqual([
      { number: 1, instances: [{ name: "a", who: "claude haiku", what: "Read the source", after: "", bounds }] },
      {
        number: 2,
        instances: [{ name: "b", who: "claude haiku", what: "npm test", after: "after a, however it ends", bounds }],
      },
    ]);
  });

  it("says what happens at a limit", () => {
    expect(limitWords({ scope: { kind: "run" }, unit: "cost_usd", limit: 2, enforcement: "pause" })).toBe(
      "the whole run: $2.0000, then nothing more starts",
    );
  });
});
