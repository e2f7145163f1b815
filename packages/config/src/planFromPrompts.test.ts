import { renderTemplate } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { planFromPrompts } from "./planFromPrompts.ts";

const options = { workspace: "/w", defaultConcurrency: 4 };

test("each bare prompt is an instance of its own", () => {
  const plan = planFromPrompts(["/review src", "Say hello", "Say hello"], options);
  expect(plan.instances.map(({ name, agent, commandKey, work }) => [name, agent, commandKey, work])).toEqual([
    ["/review src", "claude", "/review", { kind: "prompt", text: "/review src", before: [] }],
    ["Say hello", "claude", "Say hello", { kind: "prompt", text: "Say hello", before: [] }],
    ["Say hello 2", "claude", "Say hello", { kind: "prompt", text: "Say hello", before: [] }],
  ]);
});

test("a prompt is sent as it stands, whatever it holds", () => {
  const prompt = "Explain ${{ secrets.X }}";
  const [instance] = planFromPrompts([prompt], options).instances;
  expect(instance?.work.kind === "prompt" && renderTemplate(instance.work.text, {})).toBe(prompt);
});

test("flags apply", () => {
  const plan = planFromPrompts(["x"], {
    ...options,
    agent: "codex",
    model: "m",
    name: "mine",
    sessionId: "s",
    timeoutMs: 5,
    overrides: { budget: { tokens: 9 }, trustWorkspace: true, workspace: "/v" },
  });
  expect(plan).toMatchObject({
    name: "mine",
    workspace: "/v",
    limits: [{ scope: { kind: "run" }, unit: "tokens", limit: 9, enforcement: "block" }],
    instances: [
      { name: "mine", agent: "codex", model: "m", cwd: "/v", timeoutMs: 5, trustWorkspace: true, session: { id: "s" } },
    ],
  });
});
