import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";
import { sampleInstance, samplePlan } from "../testing/sampleRun.ts";
import { missingFolders, missingPaths } from "./workspace.ts";

test("folders and files that a plan names and that are not there are told with the instance and the field", () => {
  using folder = makeFolder({ "there.json": "{}" });
  const at = (name: string): string => join(folder.path, name);
  const instances = [
    sampleInstance("a", { cwd: at("nope"), settings: at("nofile.json"), mcpConfig: at("there.json") }),
    sampleInstance("b", {
      cwd: folder.path,
      mcpConfig: folder.path,
      addDirs: [folder.path, at("lib"), at("there.json")],
    }),
    sampleInstance("c", { cwd: folder.path, settings: { model: "x" }, mcpConfig: at("nofile.json") }),
  ];
  const plan = samplePlan([], { workspace: folder.path, instances });
  expect(missingFolders(plan).map(({ message }) => message)).toEqual([
    `the folder \`${at("nope")}\` of instance \`a\` (cwd) does not exist`,
  ]);
  expect(missingPaths(plan).map(({ message }) => message)).toEqual([
    `the file \`${at("nofile.json")}\` of instance \`a\` (settings) does not exist`,
    `the file \`${folder.path}\` of instance \`b\` (mcp_config) is not a file`,
    `the folder \`${at("lib")}\` of instance \`b\` (add_dirs) does not exist`,
    `the folder \`${at("there.json")}\` of instance \`b\` (add_dirs) is not a folder`,
  ]);
});

test("what may not be looked at is told as such, and not as missing", () => {
  using folder = makeFolder();
  const loop = join(folder.path, "loop");
  // A link to itself is refused to everybody, root too.
  symlinkSync("loop", loop);
  const instances = [sampleInstance("a", { cwd: folder.path, settings: join(loop, "s.json") })];
  const plan = samplePlan([], { workspace: loop, instances });
  expect([...missingFolders(plan), ...missingPaths(plan)].map(({ message }) => message)).toEqual([
    `the workspace \`${loop}\` cannot be looked at`,
    `the file \`${join(loop, "s.json")}\` of instance \`a\` (settings) cannot be looked at`,
  ]);
});
