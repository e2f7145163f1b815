import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { get } from "node:http";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import type { RunEvent } from "@claude-orchestrator/domain";
import { makeRunId } from "@claude-orchestrator/domain";
import { createClock } from "@claude-orchestrator/host";
import { createRunLog } from "@claude-orchestrator/store";
import type { RunLog } from "@claude-orchestrator/store";
import { median } from "./sample.ts";
import { markdownTable } from "./table.ts";

const runs = 10;
const viewers = 100;
const seconds = 10;
const eventsASecond = 1000;
const stepMs = 20;

interface Sample {
  readonly idleMb: number;
  readonly peakMb: number;
  readonly cpuShare: number;
  readonly lagMs: number;
  readonly lagP95Ms: number;
  readonly gaps: number;
}

/** `serve` with a hundred viewers that all follow ten runs, while these log a thousand events a second. */
export async function measureServer(rounds: number, program: string, scratch: string): Promise<string> {
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round += 1) samples.push(await measureOnce(program, scratch));
  const middle = (pick: (sample: Sample) => number): string => (median(samples.map(pick)) ?? 0).toFixed(1);
  const head = ["", "MB before", "peak MB", "% of a core", "event lag ms", "event lag p95 ms", "gaps"];
  const picks = [
    (sample: Sample) => sample.idleMb,
    (sample: Sample) => sample.peakMb,
    (sample: Sample) => sample.cpuShare * 100,
    (sample: Sample) => sample.lagMs,
    (sample: Sample) => sample.lagP95Ms,
    (sample: Sample) => sample.gaps,
  ];
  const title = `### the server: ${viewers} viewers of ${runs} runs, ${eventsASecond} events a second for ${seconds} s`;
  return `${title}\n\nMedians of ${rounds}; lag: from appending an event to its coming to one of the viewers, who read in this program.\n\n${markdownTable(head, [["serve", ...picks.map(middle)]])}\n`;
}

async function measureOnce(program: string, scratch: string): Promise<Sample> {
  const folder = mkdtempSync(path.join(scratch, "server "));
  const runsFolder = path.join(folder, ".orchestrator", "runs");
  mkdirSync(runsFolder, { recursive: true });
  const logs = Array.from({ length: runs }, (_each, at) => openLog(runsFolder, at));
  await Promise.all(logs.map(({ log }) => log.flush()));
  const server = await startServer(program, folder);
  const idleMb = memoryOf(server.pid, "VmRSS");
  const query = `list=false&runs=${logs.map(({ id }) => id).join(",")}`;
  const readers = await Promise.all(
    Array.from({ length: viewers }, (_each, at) => read(`${server.url}api/live?${query}`, server.token, at === 0)),
  );
  const [cpuBefore, started] = [cpuSecondsOf(server.pid), performance.now()];
  const last = await write(logs.map(({ log }) => log));
  await Promise.all(readers.map((reader) => reader.reaches(last)));
  const cpuShare = (cpuSecondsOf(server.pid) - cpuBefore) / ((performance.now() - started) / 1000);
  const peakMb = memoryOf(server.pid, "VmHWM");
  for (const reader of readers) reader.close();
  const lags = (readers[0]?.lags ?? []).toSorted((a, b) => a - b);
  server.end();
  await Promise.all(logs.map(({ log }) => log.close()));
  return {
    idleMb,
    peakMb,
    cpuShare,
    lagMs: median(lags) ?? 0,
    lagP95Ms: lags[Math.floor(lags.length * 0.95)] ?? 0,
    gaps: readers.reduce((sum, { gaps }) => sum + gaps(), 0),
  };
}

function openLog(runsFolder: string, at: number): { readonly id: string; readonly log: RunLog } {
  const id = makeRunId(Date.now() + at * 1000, () => 0.5);
  const options = { clock: createClock(), programVersion: "0.1.0" };
  const log = createRunLog(path.join(runsFolder, id), id, options);
  log.append({ type: "run-started" });
  return { id, log };
}

/** Gives the number of the last event of each log. */
async function write(logs: readonly RunLog[]): Promise<number> {
  const each = (eventsASecond * stepMs) / 1000 / logs.length;
  let last = 1;
  for (let step = 0; step < (seconds * 1000) / stepMs; step += 1) {
    for (const log of logs) for (let count = 0; count < each; count += 1) log.append(sentNow());
    last += each;
    await wait(stepMs);
  }
  return last;
}

function sentNow(): RunEvent {
  return {
    type: "attempt-denied",
    instance: "review",
    attempt: 1,
    tool: `sent ${performance.now()}`,
    reason: "x".repeat(200),
  };
}

interface Reader {
  readonly lags: readonly number[];
  gaps(): number;
  reaches(last: number): Promise<void>;
  close(): void;
}

/** One that times events looks into each; the others look at their numbers only. */
async function read(url: string, token: string, isTiming: boolean): Promise<Reader> {
  const response = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    get(url, { headers: { authorization: `Bearer ${token}` }, agent: false }, resolve).on("error", reject);
  });
  const through = new Map<string, number>();
  const lags: number[] = [];
  let gaps = 0;
  createInterface({ input: response }).on("line", (text) => {
    for (const [, run = "", from, to] of text.matchAll(/"kind":"events","run":"(\w+)","from":(\d+),"through":(\d+)/g)) {
      if (Number(from) !== (through.get(run) ?? 0) + 1) gaps += 1;
      through.set(run, Number(to));
    }
    if (!isTiming) return;
    for (const [, sent] of text.matchAll(/"tool":"sent ([\d.]+)"/g)) lags.push(performance.now() - Number(sent));
  });
  return {
    lags,
    gaps: () => gaps,
    reaches: async (last) => {
      while (through.size < runs || [...through.values()].some((each) => each < last)) await wait(50);
    },
    close: () => (response as unknown as { destroy(): void }).destroy(),
  };
}

async function startServer(program: string, folder: string) {
  const env = { PATH: "/usr/bin:/bin", HOME: folder, CLAUDE_ORCHESTRATOR_STATE: path.join(folder, "state") };
  const token = (
    await firstLine(spawn(process.execPath, [program, "tokens", "create", "bench"], { cwd: folder, env }))
  ).trim();
  const child = spawn(process.execPath, [program, "serve", "--json"], { cwd: folder, env });
  const { url } = JSON.parse(await firstLine(child)) as { readonly url: string };
  return { url, token, pid: child.pid ?? -1, end: () => void child.kill("SIGTERM") };
}

async function firstLine({ stdout }: { readonly stdout: NodeJS.ReadableStream }): Promise<string> {
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error("the program printed nothing");
}

function memoryOf(pid: number, field: "VmRSS" | "VmHWM"): number {
  const [, kilobytes] = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1000;
}

/** User and system time, by the kernel's clock of 100 ticks a second. */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
