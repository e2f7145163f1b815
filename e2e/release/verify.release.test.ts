/** The built program against the release it was made for: what is verified, and what nobody gets past it. */
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, inject, test } from "vitest";
import { root } from "./support/places.ts";

test("a release is verified without a network, never silently one of the test key, and no changed one", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "orchestrator verify "));
  try {
    cpSync(path.join(inject("shelf"), "made"), folder, { recursive: true });
    const verify = (...words: readonly string[]) =>
      spawnSync(process.execPath, [path.join(root, "dist/cli.mjs"), "verify", folder, ...words], {
        encoding: "utf8",
        env: {},
      });
    expect(verify()).toMatchObject({ status: 1, stdout: expect.stringContaining("a test key: not a release") });
    expect(verify("--allow-test-key")).toMatchObject({ status: 0, stderr: "" });
    appendFileSync(path.join(folder, "manifest.json"), " ");
    expect(verify("--allow-test-key")).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("wrong    manifest"),
    });
    renameSync(path.join(folder, "SHA256SUMS.minisig"), path.join(folder, "gone"));
    expect(verify("--allow-test-key")).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("missing  SHA256SUMS.minisig"),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
