import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";
import { readSchedules, stateFolder } from "./stateFolder.ts";

describe("what belongs to a person is kept", () => {
  test.each([
    ["where CLAUDE_ORCHESTRATOR_STATE says", { CLAUDE_ORCHESTRATOR_STATE: "here", HOME: "/h" }, "/cwd/here"],
    ["in XDG_STATE_HOME", { XDG_STATE_HOME: "/x", HOME: "/h" }, "/x/claude-orchestrator"],
    [
      "in its default, where that is relative",
      { XDG_STATE_HOME: "x", HOME: "/h" },
      "/h/.local/state/claude-orchestrator",
    ],
    ["in its default", { CLAUDE_ORCHESTRATOR_STATE: "", HOME: "/h" }, "/h/.local/state/claude-orchestrator"],
  ])("%s", (_title, env, expected) => {
    expect(stateFolder({ env, cwd: "/cwd" }, "linux")).toBe(expected);
  });

  test("in the places that macOS and Windows have for it", () => {
    expect(stateFolder({ env: { HOME: "/h" }, cwd: "/" }, "darwin")).toBe(
      "/h/Library/Application Support/claude-orchestrator",
    );
    expect(stateFolder({ env: { LOCALAPPDATA: "/l" }, cwd: "/" }, "win32")).toBe("/l/claude-orchestrator/state");
  });
});

test("schedules that cannot be looked at are not told as none", () => {
  using folder = makeFolder();
  expect(readSchedules({ env: { CLAUDE_ORCHESTRATOR_STATE: "state" }, cwd: folder.path })).toEqual(new Map());
  // A link to itself is refused to everybody, root too.
  symlinkSync("state", join(folder.path, "state"));
  expect(() => readSchedules({ env: { CLAUDE_ORCHESTRATOR_STATE: "state" }, cwd: folder.path })).toThrow(
    "Whether there are schedules cannot be found out",
  );
});
