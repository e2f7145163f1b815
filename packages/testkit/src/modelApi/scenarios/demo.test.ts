import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Conversation } from "../conversation.ts";
import type { Step } from "../step.ts";
import { demo } from "./demo.ts";
import { stories } from "./stories.ts";

function stepFor(prompt: string, turn: number, more: Partial<Conversation> = {}): Step {
  const conversation: Conversation = {
    api: "anthropic",
    model: "claude-haiku-5-5",
    stream: true,
    turn,
    turns: turn,
    prompts: [prompt],
    system: "",
    tools: [],
    toolResults: [],
    ...more,
  };
  return demo.demo.step({ conversation, turn, attempt: 1, nowSeconds: 0 });
}

function textOf(step: Step): string {
  if (step.kind !== "message") return "";
  return step.content.flatMap((content) => (content.kind === "text" ? [content.text] : [])).join("\n");
}

test.each(stories.map(({ match, turns }) => [match, turns.length] as const))(
  'the story "%s" ends with an answer after its tools',
  (match, turns) => {
    const last = stepFor(`Please ${match.toUpperCase()} now`, turns - 1);
    expect(textOf(last)).not.toBe("");
    expect(last.kind === "message" && last.content.some((content) => content.kind === "tool")).toBe(false);
  },
);

test("the report is made of the findings the prompt brings", () => {
  const step = stepFor("Write REPORT.md.\n\n## Money\na finding\n", 0);
  const written = step.kind === "message" ? step.content.at(-1) : undefined;
  expect(written).toMatchObject({
    kind: "tool",
    call: { tool: "write", content: expect.stringContaining("a finding") },
  });
});

test("an answer tells what the tools gave back", () => {
  const step = stepFor("Survey this project", 1, { toolResults: [" 13 src/money.js\n 42 total"] });
  expect(textOf(step)).toContain("42 lines");
});

test("a task without a story is told so, not answered with another's", () => {
  expect(textOf(stepFor("Bake a cake", 0))).toContain("scripted");
});

describe("the quickstart's file", () => {
  const file = readFileSync(new URL("../../../../../examples/quickstart.yaml", import.meta.url), "utf8");

  test.each([
    ["survey", "wc -l"],
    ["review_ledger", "src/ledger.js"],
    ["documentation", "Find undocumented exports"],
    ["report", "REPORT.md"],
    ["headline", "one price in seventeen"],
  ])("the prompt of %s gets its own story", (name, expected) => {
    const after = file.slice(file.indexOf(`- name: ${name}`));
    const prompt = after.slice(after.indexOf("prompt:"), after.indexOf("\n\n"));
    expect(JSON.stringify(stepFor(prompt, 0))).toContain(expected);
  });
});

test("a notice that background work has ended brings the story's end", () => {
  const prompts = ["Use a sub-agent to look", "<task-notification>done</task-notification>"];
  expect(textOf(stepFor("", 0, { prompts, turns: 2 }))).toContain("formatAmount");
});

test("the first turn writes the cache that the later ones read", () => {
  const usages = [0, 1, 2].map((turn) => {
    const step = stepFor("Review src/money.js", turn);
    return step.kind === "message" ? [step.usage.cacheWrite, step.usage.cacheRead] : [];
  });
  expect(usages).toEqual([
    [14_200, 0],
    [640, 14_200],
    [640, 14_840],
  ]);
});
