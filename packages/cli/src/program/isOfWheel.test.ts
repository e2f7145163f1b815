import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isOfWheel } from "./isOfWheel.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "claude-orchestrator wheel-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function placed(program: string, record?: string): string {
  const file = join(folder, program);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  if (record !== undefined) mkdirSync(join(folder, record), { recursive: true });
  return file;
}

const record = "claude_orchestrator-1.2.3.dist-info";

test.each([
  ["bin/claude-orchestrator", `lib/python3.11/site-packages/${record}`],
  ["bin/claude-orchestrator", `lib/python3.11/dist-packages/${record}`],
  ["bin/claude-orchestrator", `lib/python/site-packages/${record}`],
  ["Scripts/claude-orchestrator.exe", `Lib/site-packages/${record}`],
  ["Scripts/claude-orchestrator.exe", `site-packages/${record}`],
])("%s is of a wheel where pip keeps %s", (program, kept) => {
  expect(isOfWheel(placed(program, kept))).toBe(true);
});

test("a link of pipx's is what it leads to", () => {
  const program = placed("venvs/it/bin/claude-orchestrator", `venvs/it/lib/python3.12/site-packages/${record}`);
  mkdirSync(join(folder, "bin"));
  symlinkSync(program, join(folder, "bin/claude-orchestrator"));
  expect(isOfWheel(join(folder, "bin/claude-orchestrator"))).toBe(true);
});

test("among other packages, or none, it is of no wheel", () => {
  expect(isOfWheel(placed("bin/claude-orchestrator"))).toBe(false);
  expect(isOfWheel(placed("bin/claude-orchestrator", "lib/python3.11/site-packages/pip-23.2.1.dist-info"))).toBe(false);
  expect(isOfWheel("/nowhere/bin/claude-orchestrator")).toBe(false);
});
