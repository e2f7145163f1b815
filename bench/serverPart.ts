import { mkdtempSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { RunEvent } from "@claude-orchestrator/domain";
import { makeRunId } from "@claude-orchestrator/domain";
import { createClock } from "@claude-orchestrator/host";
import { createRunLog } from "@claude-orchestrator/store";
import type { RunLog } from "@claude-orchestrator/store";
import { cpuSecondsOf, memoryOf, percentile } from "./processFigures.ts";
import { median } from "./sample.ts";
import { runsFolderOf, serveFolder } from "./servedFolder.ts";
import { markdownTable } from "./table.ts";
import { watchEvents } from "./viewers.ts";

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
  const runsFolder = runsFolderOf(folder);
  const logs = Array.from({ length: runs }, (_each, at) => openLog(runsFolder, at));
  await Promise.all(logs.map(({ log }) => log.flush()));
  const server = await serveFolder(program, folder);
  const idleMb = memoryOf(server.pid, "VmRSS");
  const place = { url: server.url, token: server.token, runs: logs.map(({ id }) => id) };
  const lags: number[] = [];
  // One that times events looks into each; the others look at their numbers only.
  const readers = Array.from({ length: viewers }, (_each, at) =>
    watchEvents(place, false, at === 0 ? (text) => lags.push(...lagsIn(text)) : undefined),
  );
  const [cpuBefore, started] = [cpuSecondsOf(server.pid), performance.now()];
  const last = await write(logs.map(({ log }) => log));
  const isBehind = (through: ReadonlyMap<string, number>): boolean =>
    through.size < runs || through.values().some((each) => each < last);
  while (readers.some(({ through }) => isBehind(through))) await wait(20);
  const cpuShare = (cpuSecondsOf(server.pid) - cpuBefore) / ((performance.now() - started) / 1000);
  const peakMb = memoryOf(server.pid, "VmHWM");
  for (const reader of readers) reader.close();
  server.end();
  await Promise.all(logs.map(({ log }) => log.close()));
  return {
    idleMb,
    peakMb,
    cpuShare,
    lagMs: median(lags) ?? 0,
    lagP95Ms: percentile(lags, 0.95),
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

function lagsIn(text: string): readonly number[] {
  return [...text.matchAll(/"tool":"sent ([\d.]+)"/g)].map(([, sent]) => performance.now() - Number(sent));
}
