import { describe, expect, test } from "vitest";
import { createFileTree } from "../testing/fileTree.ts";
import { discoverCommands } from "./discoverCommands.ts";
import { readWorkspaceContext } from "./workspaceContext.ts";

describe("commands on disk", () => {
  test("are the workspace's and the person's, nested ones and skills too", () => {
    using workspace = createFileTree({
      ".claude/commands/review.md": "Review",
      ".claude/commands/git/commit.md": "Commit",
      ".claude/commands/notes.txt": "no command",
      ".claude/skills/pdf/SKILL.md": "Skill",
      ".claude/skills/pdf/inner/SKILL.md": "too deep",
      ".claude/skills/SKILL.md": "no folder",
    });
    using home = createFileTree({ ".claude/commands/mine.md": "Mine" });
    const found = discoverCommands(workspace.path, home.path);
    expect(found.map(({ scope, kind, path, text }) => [scope, kind, path, text])).toEqual([
      ["project", "command", "git/commit.md", "Commit"],
      ["project", "command", "review.md", "Review"],
      ["project", "skill", "pdf/SKILL.md", "Skill"],
      ["user", "command", "mine.md", "Mine"],
    ]);
    expect(found[0]?.file).toBe(workspace.at(".claude/commands/git/commit.md"));
  });

  test("do not lead out of their folder, nor round in circles", () => {
    using outside = createFileTree({ "secret.md": "secret", "folder/other.md": "other" });
    using workspace = createFileTree({
      ".claude/commands/real.md": "real",
      ".claude/commands/alias.md": { link: "real.md" },
      ".claude/commands/leak.md": { link: outside.at("secret.md") },
      ".claude/commands/leaks": { link: outside.at("folder") },
      ".claude/commands/round": { link: "." },
      ".claude/commands/dead.md": { link: "nowhere.md" },
    });
    const texts = discoverCommands(workspace.path, undefined).map(({ text }) => text);
    expect(new Set(texts)).toEqual(new Set(["real"]));
  });

  test("are read to a bound, and bytes that are no UTF-8 are told", () => {
    using workspace = createFileTree({
      ".claude/commands/bad.md": Uint8Array.of(0x61, 0xff),
      ".claude/commands/large.md": "é".repeat(200_000),
    });
    const found = discoverCommands(workspace.path, undefined);
    expect(found.map(({ validUtf8, truncated, text }) => [validUtf8, truncated, text.length])).toEqual([
      [false, false, 2],
      [true, true, 131_072],
    ]);
  });

  test("are none where there is no such folder, or it is a link out of the workspace", () => {
    using outside = createFileTree({ "commands/leak.md": "secret" });
    using workspace = createFileTree({ ".claude": { link: outside.path } });
    expect(discoverCommands(workspace.path, undefined)).toEqual([]);
    expect(discoverCommands("/no/such/workspace", "/no/such/home")).toEqual([]);
  });
});

describe("what an agent is told of an untrusted workspace", () => {
  test("is CLAUDE.md, else AGENTS.md, and the text of its commands and skills", () => {
    using both = createFileTree({
      "CLAUDE.md": "claude",
      "AGENTS.md": "agents",
      ".claude/commands/git/a.md": "do a",
      ".claude/skills/b/SKILL.md": "do b",
    });
    expect(readWorkspaceContext(both.path)).toEqual({
      instructions: "claude",
      commands: [{ path: "git/a.md", text: "do a" }],
      skills: [{ path: "b/SKILL.md", text: "do b" }],
      skillsDirectory: both.at(".claude/skills"),
    });
    using one = createFileTree({ "AGENTS.md": "agents" });
    expect(readWorkspaceContext(one.path)).toEqual({ instructions: "agents" });
  });

  test("is nothing that a link fetches from outside", () => {
    using outside = createFileTree({ id_rsa: "private key", "commands/a.md": "" });
    using workspace = createFileTree({
      "CLAUDE.md": { link: outside.at("id_rsa") },
      ".claude/commands": { link: outside.at("commands") },
    });
    expect(readWorkspaceContext(workspace.path)).toEqual({});
  });
});
