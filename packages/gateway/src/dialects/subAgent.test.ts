import fc from "fast-check";
import { expect, test } from "vitest";
import { subAgentOf } from "./subAgent.ts";

test("a sub-agent is known by what its CLI says of it, and the agent itself is none", () => {
  expect(subAgentOf(["x-claude-code-session-id", "s", "X-Claude-Code-Agent-Id", "a4388b"])).toBe("a4388b");
  expect(subAgentOf(["x-openai-subagent", "collab_spawn", "thread-id", "child"])).toBe("collab_spawn child");
  expect(subAgentOf(["x-session-affinity", "ses_b", "x-parent-session-id", "ses_a"])).toBe("ses_b");
  expect(
    subAgentOf(["x-claude-code-session-id", "s", "thread-id", "t", "x-session-affinity", "ses_a"]),
  ).toBeUndefined();
});

test("whatever an agent calls itself, a short line of plain characters comes of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (name) => {
      expect(subAgentOf(["x-claude-code-agent-id", name]) ?? "none").toMatch(/^[\x20-\x7e]{1,100}$/);
    }),
  );
});
