import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { makeZip } from "./makeZip.ts";

const files = [
  { path: "b.txt", bytes: Buffer.alloc(1000, "x") },
  { path: "folder/ä b.txt", bytes: Buffer.from("a") },
  { path: "a", bytes: Buffer.from("#!/bin/sh\n"), isExecutable: true },
];

/** Python's reader checks every sum. */
const reader = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps([[i.filename, i.external_attr >> 16, list(i.date_time), i.compress_type, len(archive.read(i))] for i in archive.infolist()]))
`;
const hasPython = spawnSync("python3", ["--version"]).status === 0;

test.skipIf(!hasPython)("another's reader finds names, sums, modes and the one time", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator zip-"));
  try {
    const file = path.join(folder, "x.zip");
    writeFileSync(file, makeZip(files, 1_700_000_000));
    const { stdout, stderr } = spawnSync("python3", ["-c", reader, file], { encoding: "utf8" });
    expect(stderr).toBe("");
    const at = [2023, 11, 14, 22, 13, 20];
    expect(JSON.parse(stdout)).toEqual([
      ["a", 0o100755, at, 0, 10],
      ["b.txt", 0o100644, at, 8, 1000],
      ["folder/ä b.txt", 0o100644, at, 0, 1],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the order in which files come leaves no mark, and a time before there were zips is their first", () => {
  expect(makeZip(files.toReversed(), 0)).toEqual(makeZip(files, Date.UTC(1980, 0, 1) / 1000));
});
