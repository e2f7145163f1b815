import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";

const script = path.join(import.meta.dirname, "releaseKeys.ts");

test("a pair of keys is made for its owner alone, never over another, and never unlocked by mistake", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "release keys "));
  try {
    const make = (...words: readonly string[]) =>
      spawnSync(process.execPath, [script, ...words], { cwd: folder, encoding: "utf8", env: {} });
    expect(make("ours")).toMatchObject({ status: 2, stderr: expect.stringContaining("RELEASE_SIGNING_PASSWORD") });
    expect(readdirSync(folder)).toEqual([]);
    const { status, stdout } = make("ours", "--no-password");
    const [comment, line] = readFileSync(path.join(folder, "ours.pub"), "utf8").split("\n");
    expect([status, comment]).toEqual([
      0,
      expect.stringMatching(/^untrusted comment: minisign public key [0-9A-F]{16}$/),
    ]);
    expect(stdout).toContain(`{ line: "${line}", from: "`);
    // Windows has no such modes.
    const others = process.platform === "win32" ? 0 : statSync(path.join(folder, "ours.key")).mode & 0o077;
    expect(others).toBe(0);
    const before = readFileSync(path.join(folder, "ours.key"), "utf8");
    expect(make("ours", "--no-password")).toMatchObject({
      status: 2,
      stderr:
        "error: ours.key is there already, and no key is written over: name another file, or move that one away\n",
    });
    expect(readFileSync(path.join(folder, "ours.key"), "utf8")).toBe(before);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
