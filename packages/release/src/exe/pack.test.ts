import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { zstdDecompressSync } from "node:zlib";
import { fillSlot } from "./fillSlot.ts";
import { buildMakeTable, filesBelow, makePack } from "./makePack.ts";

const launcherSource = fileURLToPath(new URL("../../launcher", import.meta.url));
const hasCompiler = spawnSync("cc", ["--version"]).status === 0;
const hasFuzzer = spawnSync("clang", ["--version"]).status === 0;

const patience = 300_000;

let tools: string, makeTable: string, folder: string;

beforeAll(() => {
  tools = mkdtempSync(path.join(tmpdir(), "orchestrator tools "));
  if (hasCompiler) makeTable = buildMakeTable(launcherSource, tools);
}, patience);

afterAll(() => rmSync(tools, { recursive: true, force: true }));

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "orchestrator pack "));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function packed(files: Readonly<Record<string, string>>) {
  const source = path.join(folder, "source");
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(source, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const runtime = { name: "node", source: path.join(source, "node"), executable: true };
  const others = filesBelow(source)
    .filter(({ name }) => name !== "node")
    .map((each) => ({ ...each, executable: false }));
  return makePack(runtime, others, { makeTable, folder, cache: path.join(folder, "cache"), level: 1 });
}

const files = { "dist/b.mjs": "second", "dist/a.mjs": "first", node: "the runtime", LICENSE: "" };

test.skipIf(!hasCompiler)("a pack holds the runtime first, then every file by its name", () => {
  const pack = packed(files);
  const names = ["node", "LICENSE", "dist/a.mjs", "dist/b.mjs"].map((name) => pack.table.indexOf(`${name}\0`));
  expect(names).toEqual(names.toSorted((a, b) => a - b));
  expect(names.every((at) => at > 0)).toBe(true);
  const end = pack.data.lastIndexOf(Buffer.from("28b52ffd", "hex"));
  const frames = [pack.data.subarray(0, end), pack.data.subarray(end)];
  expect(frames.map((frame) => zstdDecompressSync(frame).toString())).toEqual(["the runtime", "firstsecond"]);
});

test.skipIf(!hasCompiler)("the same files give the same pack", () => {
  expect(packed(files)).toEqual(packed(files));
});

test.skipIf(!hasCompiler).each(["../up.mjs", "a/../../up.mjs", "a b.mjs", "a//b.mjs", "C:b.mjs", "ends./b.mjs"])(
  "a file of the name %s is refused",
  (name) => {
    const source = path.join(folder, "file");
    writeFileSync(source, "");
    const packTools = { makeTable, folder, cache: path.join(folder, "cache"), level: 1 };
    const file = { name, source, executable: false };
    expect(() => makePack({ ...file, name: "node" }, [file], packTools)).toThrow("the launcher would refuse this");
  },
);

test("a slot is filled once, and everything else stays", () => {
  const launcher = Buffer.concat([Buffer.alloc(100, "a"), Buffer.from("CO-LAUNCHER-SLOT"), Buffer.alloc(300, "b")]);
  const pack = { table: Buffer.alloc(7), tableDigest: "ab".repeat(32), data: Buffer.alloc(9) };
  const filled = fillSlot(launcher, 416, pack, "1.2.3");
  expect([16, 24, 32].map((at) => Number(filled.readBigUInt64LE(100 + at)))).toEqual([416, 7, 9]);
  expect(filled.toString("latin1", 172, 172 + 23)).toBe("1.2.3-abababababababab\0");
  expect(filled.subarray(0, 116).equals(launcher.subarray(0, 116))).toBe(true);
  expect(filled.subarray(236).equals(launcher.subarray(236))).toBe(true);
  expect(() => fillSlot(Buffer.concat([launcher, launcher]), 0, pack, "1.2.3")).toThrow(
    "the launcher has not one slot",
  );
});

test.skipIf(!hasFuzzer)("no table whatever takes the launcher's reader outside of it", { timeout: patience }, () => {
  const fuzzer = path.join(folder, "fuzz");
  const words = ["-g", "-O1", "-fsanitize=fuzzer,address,undefined", "fuzzPack.c", "pack.c"];
  const built = spawnSync("clang", [...words, "-o", fuzzer], {
    cwd: launcherSource,
    encoding: "utf8",
  });
  expect(built.stderr).toBe("");
  const corpus = path.join(folder, "corpus");
  mkdirSync(corpus);
  if (hasCompiler) writeFileSync(path.join(corpus, "good"), packed(files).table);
  const run = spawnSync(fuzzer, ["-runs=20000", "-seed=1", "-max_len=4096", corpus], { cwd: folder, encoding: "utf8" });
  expect([run.status, run.stderr.includes("ERROR")]).toEqual([0, false]);
});
