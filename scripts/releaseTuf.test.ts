/** What the workflow that renews the timestamp runs, by its own line. */
import { createPrivateKey } from "node:crypto";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { root } from "./lib/command.ts";

const folder = mkdtempSync(path.join(tmpdir(), "orchestrator timestamp "));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the newest is said to be the newest anew, and only what is new is handed over", () => {
  const script = path.join(root, "scripts/releaseTuf.ts");
  const node = (words: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, [script, ...words], { cwd: folder, encoding: "utf8", env: more });
  const names = ["root-1", "root-2", "root-3", "targets-1", "targets-2", "snapshot-1", "timestamp-1"];
  for (const words of [
    ["keys", "keys", ...names],
    ["root", "repository", "--keys", "keys"],
    ["targets", "repository", "--keys", "keys"],
  ]) {
    expect(node(words)).toMatchObject({ status: 0, stderr: "" });
  }
  const pem = (name: string): string =>
    createPrivateKey(readFileSync(path.join(folder, "keys", `${name}.pem`)))
      .export({ format: "pem", type: "pkcs8" })
      .toString();
  const line = /^ +- run: npm run release:timestamp -- (.+)$/m;
  const words = line.exec(readFileSync(path.join(root, ".github/workflows/timestamp.yml"), "utf8"))?.[1] ?? "";
  expect(node(["timestamp", ...words.split(" ")])).toMatchObject({
    status: 2,
    stderr: "error: RELEASE_TUF_SNAPSHOT_KEY is not set\n",
  });
  const secrets = { RELEASE_TUF_SNAPSHOT_KEY: pem("snapshot-1"), RELEASE_TUF_TIMESTAMP_KEY: pem("timestamp-1") };
  expect(node(["timestamp", ...words.split(" ")], secrets)).toMatchObject({ status: 0, stderr: "" });
  expect(readdirSync(path.join(folder, "new"))).toEqual(["2.snapshot.json", "timestamp.json"]);
  const timestamp = readFileSync(path.join(folder, "new/timestamp.json"), "utf8");
  expect(JSON.parse(timestamp)).toMatchObject({ signed: { version: 2, meta: { "snapshot.json": { version: 2 } } } });
});
