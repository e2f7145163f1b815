import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testSigningKeys, writeRoot, writeTargets } from "@claude-orchestrator/release";
import { afterEach, beforeEach, expect, test } from "vitest";

const program = join(import.meta.dirname, "../dist/cli.mjs");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "claude-orchestrator update-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The built program, with a home of its own and these variables beside. */
function start(words: readonly string[], env: Readonly<Record<string, string>> = {}): ReturnType<typeof spawnSync> {
  const home = { PATH: process.env["PATH"] ?? "", HOME: folder, XDG_STATE_HOME: join(folder, "state") };
  return spawnSync(process.execPath, [program, ...words], { env: { ...home, ...env }, encoding: "utf8", cwd: folder });
}

test("the built program believes what is signed in a folder, and nothing that was altered there", () => {
  const signing = { at: Math.floor(Date.now() / 1000), keys: testSigningKeys() };
  const repository = join(folder, "repository");
  const env = { CLAUDE_ORCHESTRATOR_UPDATE_ROOT: writeRoot(repository, signing) };
  const source = join(folder, "executable");
  writeFileSync(source, "newer");
  const sha256 = createHash("sha256").update("newer").digest("hex");
  const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const custom = { version: "99.0.0", channel: "stable", platform };
  writeTargets(repository, [{ source, path: "newer", length: 5, sha256, custom }], signing);

  const check = ["update", "--check", "--json", "--from", repository];
  const { status, stdout, stderr } = start(check, env);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(String(stdout))).toMatchObject({ updated: false, available: "99.0.0" });

  writeFileSync(join(repository, "metadata/timestamp.json"), "{}");
  const refused = start(check, env);
  expect([refused.status, refused.stdout]).toEqual([2, ""]);
  expect(refused.stderr).toContain("Nothing was updated from");
});

test("without a source nothing is asked of anybody, and nothing is written", () => {
  const { status, stderr } = start(["update", "--check"]);
  expect([status, stderr]).toEqual([2, expect.stringContaining("No update source is configured")]);
  expect(readdirSync(folder)).toEqual([]);
});
