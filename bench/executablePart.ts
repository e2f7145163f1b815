import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { median, takeSample, type Sample, type Subject } from "./sample.ts";
import type { Bench, Load } from "./subjects.ts";
import { beginRun, stopRun } from "./supervisedRun.ts";
import { inMegabytes, inSeconds, markdownTable } from "./table.ts";

/** Until a server that nobody asks has come to rest. */
const restMs = 3000;

/** A hundred agents that print two events a second each, for longer than they are looked at. */
const working: Load = { instances: 100, events: 10_000, bytes: 600, line: 0, delay: 500 };
const workingMs = 60_000;

/** What was made last for this machine; undefined where `npm run release:exe` was not run. */
export function builtExecutable(): string | undefined {
  const folder = path.join(import.meta.dirname, "../dist/release");
  const suffix = `-${process.platform}-${process.arch}`;
  const name = existsSync(folder) ? readdirSync(folder).find((each) => each.endsWith(suffix)) : undefined;
  return name === undefined ? undefined : path.join(folder, name);
}

/** The executable beside bare Node and the bundle that npm installs: each start checks what was unpacked, the first one unpacks. */
export async function measureExecutable(
  rounds: number,
  { executable, program }: { readonly executable: string; readonly program: string },
  bench: Bench,
  scratch: string,
): Promise<string> {
  const { tools } = bench;
  const env = { PATH: "/usr/bin:/bin", HOME: scratch };
  const subject = (name: string, argv: readonly string[]): Subject => ({ name, argv, env, cwd: scratch });
  const subjects = [
    subject("node -e 0", [process.execPath, "-e", "0"]),
    subject("npm form --version", [process.execPath, program, "--version"]),
    subject("executable --version", [executable, "--version"]),
  ];
  const first: Sample[] = [];
  for (let round = 0; round < Math.min(rounds, 3); round += 1) {
    const home = mkdtempSync(path.join(scratch, "home "));
    first.push(
      takeSample({ ...subject("first", [executable, "--version"]), env: { ...env, HOME: home } }, tools, scratch),
    );
    rmSync(home, { recursive: true, force: true });
  }
  for (const each of subjects) takeSample(each, tools, scratch);
  const samples = subjects.map((): Sample[] => []);
  for (let round = 0; round < rounds * 4 + 1; round += 1) {
    for (const [index, each] of subjects.entries()) samples[index]?.push(takeSample(each, tools, scratch));
  }
  const rows = [...subjects.map(({ name }) => name), "executable, first start"].map((name, index) =>
    startRow(name, samples[index] ?? first),
  );
  const forms = [["npm form", [process.execPath, program]] as const, ["executable", [executable]] as const];
  const memory: string[][] = [];
  for (const [name, argv] of forms) {
    const idle = await idleBytes(argv, env, scratch);
    memory.push([name, inMegabytes(idle), inMegabytes(await workingBytes(argv, bench))]);
  }
  return [
    `### executable (${rounds * 4 + 1} rounds in turn)\n`,
    markdownTable(["start", "wall s", "least wall s", "CPU s"], rows),
    "",
    markdownTable(
      ["", "a server nobody asks, MB", `supervisor of 100 agents for ${workingMs / 1000} s, peak MB`],
      memory,
    ),
    "",
  ].join("\n");
}

function startRow(name: string, samples: readonly Sample[]): readonly string[] {
  const walls = samples.map(({ wall }) => wall);
  const cpu = median(samples.flatMap(({ own }) => own ?? []));
  return [name, inSeconds(median(walls)), inSeconds(Math.min(...walls)), inSeconds(cpu)];
}

async function idleBytes(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  scratch: string,
): Promise<number | undefined> {
  const [command = "", ...words] = argv;
  const server = spawn(command, [...words, "serve", "--json", "--port", "0"], {
    cwd: scratch,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(server.stdout, "data");
    await wait(restMs);
    const rollup = readFileSync(`/proc/${server.pid}/smaps_rollup`, "utf8");
    return Number(/^Rss:\s+(\d+) kB/m.exec(rollup)?.[1]) * 1024;
  } catch {
    return undefined;
  } finally {
    server.kill("SIGTERM");
    await once(server, "exit");
  }
}

/** The most that a supervisor had at once, without a viewer. */
async function workingBytes(argv: readonly string[], bench: Bench): Promise<number | undefined> {
  const begun = bench.orchestrator("run", working);
  const run = beginRun({ ...begun, argv: [...argv, ...begun.argv.slice(2)] });
  try {
    await wait(workingMs);
    const status = readFileSync(`/proc/${run.pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  } catch {
    return undefined;
  } finally {
    // By the npm form, whichever supervises it.
    stopRun({ ...run, begun });
  }
}
