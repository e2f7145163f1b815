import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { median, takeSample } from "./sample.ts";
import type { Subject } from "./sample.ts";
import { inMegabytes, inSeconds, markdownTable } from "./table.ts";
import type { Tools } from "./tools.ts";

const folderOfRelease = path.join(import.meta.dirname, "../dist/release");

/** What people download, and how fast it starts, beside bare Node in the same rounds. */
export function measurePackage(rounds: number, program: string, tools: Tools, scratch: string): string {
  const [tarball] = globSync("claude-orchestrator-*.tgz", { cwd: folderOfRelease });
  if (tarball === undefined) return "### the package\n\n`npm run release:npm` has not been run: nothing to measure.\n";
  const folder = mkdtempSync(path.join(scratch, "package "));
  const unpacked = path.join(folder, "node_modules/claude-orchestrator");
  mkdirSync(unpacked, { recursive: true });
  spawnSync("tar", ["-xzf", path.join(folderOfRelease, tarball), "--strip-components=1", "-C", unpacked]);
  writeFileSync(
    path.join(folder, "imports.mjs"),
    'import { run } from "claude-orchestrator";\nif (run === undefined) throw run;\n',
  );
  const subject = (name: string, ...words: readonly string[]): Subject => ({
    name,
    argv: [process.execPath, ...words],
    env: { PATH: process.env["PATH"] ?? "", HOME: folder },
    cwd: folder,
  });
  const installed = path.join(unpacked, "dist/cli.mjs");
  const subjects = [
    subject("`node -e 0`", "-e", "0"),
    subject("the build, --version", program, "--version"),
    subject("the package, --version", installed, "--version"),
    subject("the package, --help", installed, "--help"),
    subject("a program that imports it", "imports.mjs"),
  ];
  const rows = measure(subjects, rounds * 4 + 1, tools, scratch);
  return `### the package\n\n${sizes(path.join(folderOfRelease, tarball), unpacked)}\n\n${rows}\n`;
}

function sizes(tarball: string, unpacked: string): string {
  const files = readdirSync(unpacked, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
  const inMb = (value: number): string => `${(value / 1e6).toFixed(2)} MB`;
  return `${path.basename(tarball)}: ${inMb(statSync(tarball).size)}, unpacked ${inMb(bytes)} in ${files.length} files.`;
}

/** They take turns, so that a noisy moment falls on all of them. */
function measure(subjects: readonly Subject[], rounds: number, tools: Tools, scratch: string): string {
  const taken = Array.from({ length: rounds }, () => subjects.map((each) => takeSample(each, tools, scratch)));
  const rows = subjects.map(({ name }, at) => {
    const samples = taken.flatMap((round) => round.slice(at, at + 1));
    const wall = samples.map((sample) => sample.wall);
    const peak = median(samples.flatMap(({ peakBytes }) => (peakBytes === undefined ? [] : [peakBytes])));
    const own = median(samples.flatMap((sample) => (sample.own === undefined ? [] : [sample.own])));
    return [name, inSeconds(median(wall)), inSeconds(Math.min(...wall)), inSeconds(own), inMegabytes(peak)];
  });
  return `Of ${rounds} rounds.\n\n${markdownTable(["", "wall s, median", "least", "own CPU s", "peak MB"], rows)}`;
}
