/**
 * `npm run bench`: the built program beside the least that could do the same work, in one go. Prints Markdown; asserts nothing.
 * Words: names of parts (without one all but `soak`), `--rounds N` (default 5), `--minutes N` (of `soak`; default 10), `--program FILE`
 * (default dist/cli.mjs). See bench/README.md.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { builtExecutable, measureExecutable } from "./executablePart.ts";
import { measureGateway } from "./gatewayPart.ts";
import { measureLog } from "./logPart.ts";
import { measurePackage } from "./packagePart.ts";
import { allParts, measurePart } from "./parts.ts";
import { Bench } from "./subjects.ts";
import { measureServer } from "./serverPart.ts";
import { measureSupervisor } from "./supervisorPart.ts";
import { buildTools } from "./tools.ts";
import { measureLarge } from "./webLargePart.ts";
import { measureLive } from "./webLivePart.ts";
import { measureWeb } from "./webPart.ts";
import { measureSoak } from "./webSoakPart.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    minutes: { type: "string", default: "10" },
    program: { type: "string", default: path.join(import.meta.dirname, "../dist/cli.mjs") },
  },
});
const rounds = Math.max(1, Number(values.rounds));
const parts = allParts(rounds);
const names = [
  ...parts.map(({ name }) => name),
  "log",
  "supervisor",
  "gateway",
  "server",
  "web",
  "large",
  "live",
  "package",
  "executable",
  "soak",
];
const unknown = positionals.filter((name) => !names.includes(name));

if (unknown.length > 0) {
  console.error(`no part ${unknown.join(", ")}; there are ${names.join(", ")}`);
  process.exitCode = 2;
} else {
  const scratch = mkdtempSync(path.join(tmpdir(), "orchestrator bench "));
  try {
    await run(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function run(scratch: string): Promise<void> {
  const bench = new Bench(buildTools(scratch), scratch, path.resolve(values.program));
  console.log(`## Benchmark\n\n${machine()}\n`);
  const missing = bench.hasProgram() ? [] : [`${values.program} is not built (\`npm run build\`): yardsticks only`];
  for (const remark of [...bench.tools.remarks, ...missing]) console.log(`Note: ${remark}.\n`);
  for (const part of parts) {
    if (isWanted(part.name)) console.log(measurePart(part, bench, scratch));
  }
  if (isWanted("log")) console.log(measureLog(rounds, scratch));
  if (isWanted("gateway")) console.log(await measureGateway(rounds));
  if (!bench.hasProgram()) return;
  if (isWanted("supervisor")) console.log(await measureSupervisor(Math.min(rounds, 3), bench, scratch));
  await measureServed(bench, path.resolve(values.program), scratch);
}

async function measureServed(bench: Bench, program: string, scratch: string): Promise<void> {
  if (isWanted("server")) console.log(await measureServer(Math.min(rounds, 3), program, scratch));
  if (isWanted("package")) console.log(measurePackage(rounds, program, bench.tools, scratch));
  if (isWanted("web")) console.log(await measureWeb(rounds, program, scratch));
  if (isWanted("executable")) console.log(await executablePart(program, bench, scratch));
  if (isWanted("large")) console.log(await measureLarge(program, scratch));
  if (isWanted("live")) console.log(await measureLive(program, scratch));
  // Twenty minutes are nobody's every day.
  if (positionals.includes("soak")) console.log(await measureSoak(Number(values.minutes), bench, program, scratch));
}

async function executablePart(program: string, bench: Bench, scratch: string): Promise<string> {
  const executable = builtExecutable();
  if (executable === undefined) return "Note: no executable is built (`npm run release:exe`).\n";
  return measureExecutable(rounds, { executable, program }, bench, scratch);
}

function isWanted(name: string): boolean {
  return positionals.length === 0 || positionals.includes(name);
}

function machine(): string {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 1e9)} GB`;
  const load = loadavg()[0]?.toFixed(1) ?? "?";
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} x ${cpu?.model ?? "?"}, ${memory}, load ${load}.`;
}
