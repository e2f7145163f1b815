import { realpathSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";
import { formOfExecutable, installedAs } from "./installedAs.ts";
import { programEnvironment, programWords } from "./programWords.ts";

test.each([
  ["/home/ann/.local/bin/claude-orchestrator", "executable"],
  ["/usr/local/bin/claude-orchestrator", "executable"],
  ["/usr/bin/claude-orchestrator", "deb"],
  ["/home/ann/venv/lib/python3.12/site-packages/claude_orchestrator/claude-orchestrator", "wheel"],
  ["C:\\venv\\Lib\\site-packages\\claude_orchestrator\\claude-orchestrator.exe", "wheel"],
  ["/opt/homebrew/Cellar/claude-orchestrator/1.0.0/bin/claude-orchestrator", "homebrew"],
  ["C:\\Users\\Ann\\scoop\\apps\\claude-orchestrator\\current\\claude-orchestrator.exe", "scoop"],
  ["C:\\ProgramData\\chocolatey\\lib\\claude-orchestrator\\tools\\claude-orchestrator.exe", "chocolatey"],
])("an executable at %s was installed as %s", (path, form) => {
  expect(formOfExecutable(path)).toBe(form);
});

test("an executable starts itself again by its launcher", () => {
  using folder = makeFolder({ "1.0.0-0123/dist/cli.mjs": "", "1.0.0-0123/LICENSE-node": "" });
  const argv0 = "/opt/claude-orchestrator";
  const argv = [argv0, join(folder.path, "1.0.0-0123/dist/cli.mjs"), "run"];
  expect(installedAs({ argv, argv0 })).toEqual({ form: "executable", path: argv0 });
  expect(programWords({ argv, argv0, execPath: "/cache/node", execArgv: [] })).toEqual([argv0]);
  const env = { HOME: "/home/ann", XDG_CACHE_HOME: "/var/cache/ann", ANTHROPIC_API_KEY: "sk-ant-dummy" };
  expect(programEnvironment({ argv, argv0, env })).toEqual({ HOME: "/home/ann", XDG_CACHE_HOME: "/var/cache/ann" });
});

test("a package of npm starts itself again by Node, with what Node was told", () => {
  using folder = makeFolder({ "node_modules/claude-orchestrator/dist/cli.mjs": "" });
  const entry = realpathSync(join(folder.path, "node_modules/claude-orchestrator/dist/cli.mjs"));
  const start = { argv: ["node", entry, "run"], argv0: "node" };
  expect(installedAs(start)).toEqual({ form: "npm", path: entry });
  const words = programWords({ ...start, execPath: "/usr/bin/node", execArgv: ["--no-warnings"] });
  expect(words).toEqual(["/usr/bin/node", "--no-warnings", entry]);
  expect(programEnvironment({ ...start, env: { HOME: "/home/ann" } })).toEqual({});
});

test("a program that was removed since it was started still knows its path", () => {
  expect(installedAs({ argv: ["node", "/gone/cli.mjs"], argv0: "node" })).toEqual({
    form: "source",
    path: "/gone/cli.mjs",
  });
});
