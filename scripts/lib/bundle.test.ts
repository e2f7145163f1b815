import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle, type BundleSize } from "./bundle.ts";
import { runTool } from "./command.ts";

const main = `
declare const CLAUDE_ORCHESTRATOR_VERSION: string;
if (process.argv[2] === "--version") console.log(CLAUDE_ORCHESTRATOR_VERSION);
else console.log((await import("./late.ts")).late());
`;
const late = `export function late(): string { return "${"late ".repeat(1000)}" + late.name; }`;

let directory: string;
let size: BundleSize;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "claude-orchestrator bundle-"));
  mkdirSync(path.join(directory, "src"));
  writeFileSync(path.join(directory, "src/main.ts"), main);
  writeFileSync(path.join(directory, "src/late.ts"), late);
  size = await bundle({
    entry: path.join(directory, "src/main.ts"),
    outdir: path.join(directory, "dist"),
    version: "1.2.3",
  });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("the bundle is a program that knows its version", async () => {
  const { code, output } = await runTool("node", [path.join(directory, "dist/cli.mjs"), "--version"]);
  expect([code, output]).toEqual([0, "1.2.3\n"]);
  expect(statSync(path.join(directory, "dist/cli.mjs")).mode & 0o111).toBe(0o111);
});

test("a build anew removes what an earlier one left, but no release", async () => {
  const outdir = path.join(directory, "dist");
  mkdirSync(path.join(outdir, "release"));
  for (const name of ["release/made.tgz", "stale.mjs"]) writeFileSync(path.join(outdir, name), "");
  await bundle({ entry: path.join(directory, "src/main.ts"), outdir, version: "1.2.3" });
  expect(["release/made.tgz", "stale.mjs", "cli.mjs"].map((name) => existsSync(path.join(outdir, name)))).toEqual([
    true,
    false,
    true,
  ]);
});

test("what is imported late is not read at start-up, and keeps its names", async () => {
  const { output } = await runTool("node", [path.join(directory, "dist/cli.mjs")]);
  expect(output.endsWith("late late\n")).toBe(true);
  expect(size.startUp).toBeLessThan(2000);
  expect(size.total).toBeGreaterThan(5000);
});
