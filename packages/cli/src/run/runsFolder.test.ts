import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";
import { oldRunsFolder } from "./runsFolder.ts";

test("runs of the past are looked for in the nearest folder above that has some", () => {
  using folder = makeFolder({ "a/b/file": "" });
  mkdirSync(join(folder.path, ".orchestrator/runs"), { recursive: true });
  const runs = join(folder.path, ".orchestrator/runs");
  expect(oldRunsFolder({ env: {}, cwd: join(folder.path, "a/b") }, undefined)).toBe(runs);
});

test("a folder of runs that cannot be looked at is not passed over for one above", () => {
  using folder = makeFolder({ "a/file": "" });
  mkdirSync(join(folder.path, ".orchestrator/runs"), { recursive: true });
  // A link to itself is refused to everybody, root too.
  symlinkSync(".orchestrator", join(folder.path, "a/.orchestrator"));
  const cwd = join(folder.path, "a");
  expect(oldRunsFolder({ env: {}, cwd }, undefined)).toBe(join(cwd, ".orchestrator/runs"));
});
