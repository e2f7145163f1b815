import { describe, expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";
import { sampleInstance, samplePlan } from "../testing/sampleRun.ts";
import { commandNameIn, knownCommands, unknownCommands } from "./slashCommands.ts";

const files = {
  ".claude/commands/review.md": "---\ndescription: Look at it\n---\nReview $ARGUMENTS",
  ".claude/commands/git/commit.md": "Commit",
  ".claude/skills/charts/SKILL.md": "---\ndescription: Draws\n---\n",
};

function unknownOf(cwd: string, ...texts: readonly string[]): readonly string[] {
  const instances = texts.map((text, at) =>
    sampleInstance(`job ${at}`, { cwd, work: { kind: "prompt", text, before: [] } }),
  );
  return unknownCommands(samplePlan([], { instances }), undefined).map(
    ({ message, hint = "" }) => `${message}; ${hint}`,
  );
}

describe("slash commands", () => {
  test("of a folder are its commands, nested ones and skills, then those the agent brings along", () => {
    using folder = makeFolder(files);
    const known = knownCommands(folder.path, undefined).map(({ name, kind, scope }) => [name, kind, scope]);
    expect(known.slice(0, 3)).toEqual([
      ["git:commit", "command", "project"],
      ["review", "command", "project"],
      ["charts", "skill", "project"],
    ]);
    expect(known).toContainEqual(["compact", "built-in", "built-in"]);
  });

  test("that are known, and text that only looks like one, may be sent", () => {
    using folder = makeFolder(files);
    expect(
      unknownOf(folder.path, "/review src", "/git:commit", "/compact", "/usr/bin/env is broken", "Say /nothing"),
    ).toEqual([]);
  });

  test("that nobody knows are refused before they cost, with the nearest name", () => {
    using folder = makeFolder(files);
    expect(unknownOf(folder.path, "/reveiw src")).toEqual([
      expect.stringMatching(/job 0: there is no command `\/reveiw`.*did you mean `\/review`/),
    ]);
  });

  test.each([
    ["/review src", "review"],
    ["  /git:commit", "git:commit"],
    ["/${{ matrix.name }}", undefined],
    ["/usr/bin/env", undefined],
    ["review", undefined],
  ])("the name in %j is %j", (text, name) => {
    expect(commandNameIn(text)).toBe(name);
  });
});
