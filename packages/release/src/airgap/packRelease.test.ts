import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { artifactOf } from "../artifact.ts";
import { writeManifest } from "../manifest.ts";
import { packRelease } from "./packRelease.ts";

/** As long as updates name their targets: by hash and name. */
const target = `updates/targets/${"0123456789abcdef".repeat(4)}.claude-orchestrator-1.2.3-linux-arm64`;
let top: string;
let folder: string;

beforeEach(async () => {
  top = mkdtempSync(path.join(tmpdir(), "claude-orchestrator airgap-"));
  folder = path.join(top, "release");
  mkdirSync(folder);
  const context = { version: "1.2.3", commit: "c", sourceDateEpoch: 1_700_000_000, output: folder };
  const write = (name: string, text: string): string => {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const made = [
    await artifactOf(context, write("o.tgz", "package"), { kind: "npm" }),
    await artifactOf(context, write("o-linux-x64", "#!/bin/sh\necho started\n"), { kind: "executable" }),
    await artifactOf(context, write(target, "update"), { kind: "update" }),
  ];
  writeManifest(context, made);
  write("SHA256SUMS", "list");
  write("SHA256SUMS.minisig", "signature");
  write("notes.txt", "nobody has signed this");
});

afterEach(() => rmSync(top, { recursive: true, force: true }));

test("what is named and what signs it is in one tar, and nothing else", () => {
  const packed = packRelease(folder, path.join(top, "out"));
  expect(packed).toMatchObject({ files: 6, isSigned: true, size: statSync(packed.file).size });
  expect(createHash("sha256").update(readFileSync(packed.file)).digest("hex")).toBe(packed.sha256);
  expect(spawnSync("tar", ["-xf", packed.file], { cwd: top, encoding: "utf8" })).toMatchObject({
    status: 0,
    stderr: "",
  });
  const unpacked = path.join(top, "claude-orchestrator-1.2.3");
  expect(readdirSync(unpacked).toSorted()).toEqual([
    "SHA256SUMS",
    "SHA256SUMS.minisig",
    "manifest.json",
    "o-linux-x64",
    "o.tgz",
    "updates",
  ]);
  expect(readFileSync(path.join(unpacked, target), "utf8")).toBe("update");
  expect(readFileSync(path.join(unpacked, "o.tgz"), "utf8")).toBe("package");
  expect(spawnSync(path.join(unpacked, "o-linux-x64"), { encoding: "utf8" }).stdout).toBe("started\n");
});

test("the same release gives the same bytes", () => {
  const [first, second] = ["a", "b"].map((name) => readFileSync(packRelease(folder, path.join(top, name)).file));
  expect(first?.equals(second ?? Buffer.alloc(0))).toBe(true);
});

test("one that nobody has signed is packed, and says so", () => {
  for (const name of ["SHA256SUMS", "SHA256SUMS.minisig"]) rmSync(path.join(folder, name));
  expect(packRelease(folder, path.join(top, "out"))).toMatchObject({ files: 4, isSigned: false });
});

test("what is no longer as the manifest says is not packed, and nothing half is left", () => {
  writeFileSync(path.join(folder, "o.tgz"), "another");
  expect(() => packRelease(folder, path.join(top, "out"))).toThrow(/o\.tgz is not what the manifest says/);
  rmSync(path.join(folder, "o.tgz"));
  expect(() => packRelease(folder, path.join(top, "out"))).toThrow(/o\.tgz is not there/);
  expect(readdirSync(path.join(top, "out"))).toEqual([]);
  expect(() => packRelease(top, path.join(top, "none"))).toThrow(/There is no release in/);
  expect(existsSync(path.join(top, "none"))).toBe(false);
});
