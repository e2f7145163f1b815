import { readTranscript } from "@claude-orchestrator/testkit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claudeBuiltInCommands, isClaudeBuiltIn } from "./builtInCommands.ts";
import { commandNameOf, readCommandFile, skillNameOf } from "./commandFile.ts";

describe("a command file", () => {
  test("says what it is in its front matter", () => {
    const text = `---
description: "Review: the diff"
argument-hint: [file] [depth]
allowed-tools: Bash(git diff:*, git log:*), Read
model: opus
---
Review $ARGUMENTS
`;
    expect(readCommandFile("review", text)).toEqual({
      name: "review",
      description: "Review: the diff",
      argumentHint: "[file] [depth]",
      model: "opus",
      allowedTools: ["Bash(git diff:*, git log:*)", "Read"],
      body: "Review $ARGUMENTS\n",
      modelMayStart: true,
    });
  });

  test("may use lists, folded texts, comments, Windows line ends and a byte order mark", () => {
    const text =
      "\uFEFF---\r\n# about\r\ndescription: >-\r\n  Two\r\n  lines\r\nallowed-tools:\r\n  - Read\r\n  - 'Bash(ls:*)'\r\ndisable-model-invocation: true\r\n---\r\nGo\r\n";
    expect(readCommandFile("go", text)).toMatchObject({
      description: "Two lines",
      allowedTools: ["Read", "Bash(ls:*)"],
      body: "Go\n",
      modelMayStart: false,
    });
  });

  test("without front matter is described by its first words", () => {
    expect(readCommandFile("x", "\n# Fix the build\nplease")).toMatchObject({
      description: "Fix the build",
      allowedTools: [],
    });
    expect(readCommandFile("x", "")).toEqual({ name: "x", allowedTools: [], body: "", modelMayStart: true });
  });

  test.each([
    ["---\ndescription: no end\n", /no --- line ends it/],
    ["---\ndescription: [oops\n---\nbody", /line 2 of its front matter opens a quote or bracket/],
    ['---\nmodel: opus\ndescription: "oops\n---\nbody', /line 3 of its front matter opens a quote or bracket/],
    ["---\nthis is not yaml at all\n---\nbody", /line 2 of its front matter is not `key: value`: this is not yaml/],
    ["---\n- a\n- list\n---\nbody", /line 2/],
    ["---\n{a: [\n---\nbody", /line 2/],
  ])("with broken front matter says what is wrong: %j", (text, problem) => {
    expect(readCommandFile("x", text).problem).toMatch(problem);
  });

  test("keeps what can be read beside what cannot", () => {
    expect(readCommandFile("x", "---\n???\ndescription: fine\n---\nbody")).toMatchObject({
      description: "fine",
      body: "body",
    });
  });

  test("never throws, whatever is in it", () => {
    const lines = fc.constantFrom(
      "---",
      "description: x",
      "a:",
      "- b",
      "  c: d",
      "x: [1, 2",
      "y: |",
      "",
      "\u0000",
      "__proto__: z",
      "é: ü",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(lines).map((all) => all.join("\n")),
        ),
        (text) => {
          expect(typeof readCommandFile("x", text).body).toBe("string");
        },
      ),
    );
  });
});

describe("names", () => {
  test.each([
    ["review.md", "review"],
    ["sub/nested.md", "sub:nested"],
    ["a\\b\\c.MD", "a:b:c"],
    ["./x.md", "x"],
    ["x.txt", undefined],
    [".md", undefined],
    ["../x.md", undefined],
    ["", undefined],
    ["a\u0000b.md", undefined],
  ])("of the command file %j is %j", (path, name) => {
    expect(commandNameOf(path)).toBe(name);
  });

  test.each([
    ["deploy/SKILL.md", "deploy"],
    ["deploy/extra/SKILL.md", undefined],
    ["../SKILL.md", undefined],
    ["SKILL.md", undefined],
    ["deploy/skill.txt", undefined],
  ])("of the skill %j is %j", (path, name) => {
    expect(skillNameOf(path)).toBe(name);
  });
});

describe("the built-in commands", () => {
  test("are those the program lists, but for ones only its own servers send", () => {
    const init = readTranscript("claude", "01-text").split("\n", 1)[0] ?? "";
    const listed = (JSON.parse(init) as { slash_commands: readonly string[] }).slash_commands;
    const serversOnly = ["__remote-workflow", "workflow-launch-exec"];
    expect(listed.filter((name) => !isClaudeBuiltIn(name) && !serversOnly.includes(name))).toEqual([]);
  });

  test("are each described once, in order", () => {
    const names = claudeBuiltInCommands.map((command) => command.name);
    expect(new Set(names).size).toBe(names.length);
    expect(claudeBuiltInCommands.filter((command) => command.description.length < 8)).toEqual([]);
  });
});
