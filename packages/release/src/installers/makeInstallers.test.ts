import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pinnedKeyLines } from "@claude-orchestrator/update";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keysForPeople, makeInstallers } from "./makeInstallers.ts";

let output: string;

beforeEach(() => {
  output = mkdtempSync(path.join(tmpdir(), "claude-orchestrator installers-"));
});

afterEach(() => rmSync(output, { recursive: true, force: true }));

const root = path.join(import.meta.dirname, "../../../..");
const [testKey = ""] = pinnedKeyLines().slice(-1);

test("an installer for people believes the keys of releases, and not the test key that anybody can sign with", async () => {
  const context = { version: "1.2.3", commit: "c", sourceDateEpoch: 0, root, bundle: output, output, made: [] };
  const say = (): void => undefined;
  const texts = () => ["install.sh", "install.ps1"].map((name) => readFileSync(path.join(output, name), "utf8"));
  await makeInstallers({ ...context, say }, keysForPeople(["RWreleased"]));
  expect(texts().map((text) => [text.includes("RWreleased"), text.includes(testKey)])).toEqual([
    [true, false],
    [true, false],
  ]);
  await makeInstallers({ ...context, say });
  expect(texts().map((text) => text.includes(testKey))).toEqual([true, true]);
});

test("before the first key of a release there is only the test key to believe", () => {
  expect(keysForPeople([])).toEqual(pinnedKeyLines());
});
