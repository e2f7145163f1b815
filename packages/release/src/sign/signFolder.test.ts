import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parsePublicKey } from "@claude-orchestrator/update";
import type { ReleaseKey } from "@claude-orchestrator/update";
import { artifactOf } from "../artifact.ts";
import { writeManifest } from "../manifest.ts";
import { newSigningKey } from "./keyPair.ts";
import { secretKeyFile } from "./secretKeyFile.ts";
import { signFolder } from "./signFolder.ts";

const release = { version: "1.2.3", commit: "0".repeat(40), sourceDateEpoch: 1_700_000_000 };
const key = newSigningKey();
const said: string[] = [];
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "claude orchestrator sign "));
  const file = path.join(folder, "one.tgz");
  writeFileSync(file, "one");
  const context = { ...release, output: folder };
  writeManifest(context, [await artifactOf(context, file, { kind: "npm" })]);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = async () => ({
  env: { RELEASE_SIGNING_KEY: await secretKeyFile(key, undefined) },
  say: (line: string) => said.push(line),
  allowTestKey: false,
});

function pinned(): readonly ReleaseKey[] {
  const read = parsePublicKey(key.publicLine);
  if ("problem" in read) throw new Error(read.problem);
  return [{ ...read, isTest: false }];
}

test("a release that was built before is signed, with its own version, commit and time", async () => {
  await signFolder(folder, { ...(await options()), keys: pinned() });
  const signature = readFileSync(path.join(folder, "SHA256SUMS.minisig"), "utf8");
  expect(signature).toContain(`timestamp:1700000000\tfile:SHA256SUMS\tversion:1.2.3\tcommit:${release.commit}\n`);
});

test("with a key that no program believes, nothing is released", async () => {
  await expect(signFolder(folder, await options())).rejects.toThrow(
    `${folder} would not be believed: SHA256SUMS.minisig: it is signed with a key that is not known here`,
  );
});

test("what nobody has listed, and what is no longer what was built, is not signed", async () => {
  const isPinned = { ...(await options()), keys: pinned() };
  writeFileSync(path.join(folder, "smuggled"), "");
  await expect(signFolder(folder, isPinned)).rejects.toThrow(
    "would not be believed: smuggled: it is not in SHA256SUMS",
  );
  writeFileSync(path.join(folder, "one.tgz"), "two");
  await expect(signFolder(folder, isPinned)).rejects.toThrow("one.tgz is not what");
});

test("without a key nothing is signed, unless for a try; a folder that is no release is not", async () => {
  const bare = { ...(await options()), env: {} };
  await expect(signFolder(folder, bare)).rejects.toThrow("RELEASE_SIGNING_KEY is not set");
  await signFolder(folder, { ...bare, allowTestKey: true });
  expect(said.at(-1)).toContain("signed with the test key");
  rmSync(path.join(folder, "manifest.json"));
  await expect(signFolder(folder, bare)).rejects.toThrow("There is no ");
});
