import { mkdtempSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { openRunLog } from "@claude-orchestrator/store";
import type { Page } from "playwright-core";
import { startBrowser } from "../e2e/web/startBrowser.ts";
import type { MadeRun } from "./madeRun.ts";
import { makeRun } from "./madeRun.ts";
import { cpuSecondsOf, memoryOf, slopeAMinute } from "./processFigures.ts";
import { runsFolderOf, serveFolder } from "./servedFolder.ts";
import type { Bench } from "./subjects.ts";
import { beginRun, stopRun } from "./supervisedRun.ts";
import { markdownTable } from "./table.ts";
import { watchEvents, watchSocket } from "./viewers.ts";
import type { StreamPlace, StreamViewer } from "./viewers.ts";
import { comesTrue, openPage, signIn } from "./webPage.ts";

const agents = 100;
const viewers = { sse: 55, websocket: 35, slow: 10 } as const;
const eventsASecond = 1000;
const sampleMs = 5_000;
/** What begins takes memory that does not come again: growth is measured from here on. */
const warmUpMs = 30_000;

interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** Whether it goes on so: a hundred agents and a hundred viewers, then a thousand events a second into one page, each for so many minutes. */
export async function measureSoak(minutes: number, bench: Bench, program: string, scratch: string): Promise<string> {
  const server = await soakServer(minutes, bench, program);
  const page = await soakPage(minutes, program, mkdtempSync(path.join(scratch, "soak ")));
  return `### soak: ${minutes} minutes each\n\n${server}\n\n${page}\n`;
}

async function soakServer(minutes: number, bench: Bench, program: string): Promise<string> {
  const events = Math.ceil(minutes * 60 * 2 + 120);
  const subject = bench.orchestrator("run", { instances: agents, events, bytes: 600, line: 0, delay: 500 });
  const run = beginRun(subject);
  const served = await serveFolder(program, subject.cwd);
  try {
    const watching = startViewers({ url: served.url, token: served.token, runs: [run.id] });
    await wait(5_000);
    const [cpu, began] = [cpuSecondsOf(served.pid), performance.now()];
    const rss = await sample(minutes, () => memoryOf(served.pid, "VmRSS"));
    const cpuShare = (cpuSecondsOf(served.pid) - cpu) / ((performance.now() - began) / 1000);
    const missed = await behindOf(watching, run);
    const supervisorMb = memoryOf(run.pid, "VmHWM");
    stopRun(run);
    for (const viewer of watching) viewer.close();
    const rows = [
      ["gaps", String(sum(watching, (viewer) => viewer.gaps())), "0"],
      ["viewers that were not told of the last event", String(missed), "0"],
      ["told to come again, of the ten that are slow", String(sum(watching, (viewer) => viewer.resyncs())), ""],
      ["server: peak MB", memoryOf(served.pid, "VmHWM").toFixed(0), "150"],
      ["server: MB a minute", slopeAMinute(settled(rss)).toFixed(2), ""],
      ["server: % of a core", (100 * cpuShare).toFixed(1), ""],
      ["supervisor: peak MB", supervisorMb.toFixed(0), ""],
    ];
    return markdownTable([`${agents} agents, ${sumOf(Object.values(viewers))} viewers`, "measured", "budget"], rows);
  } finally {
    served.end();
  }
}

function startViewers(place: StreamPlace): readonly StreamViewer[] {
  const several = (count: number, make: () => StreamViewer): readonly StreamViewer[] =>
    Array.from({ length: count }, make);
  return [
    ...several(viewers.sse, () => watchEvents(place, false)),
    ...several(viewers.websocket, () => watchSocket(place)),
    ...several(viewers.slow, () => watchEvents(place, true)),
  ];
}

/** How many have not heard, half a minute later, of what was the last event by now. */
async function behindOf(
  watching: readonly StreamViewer[],
  run: { readonly id: string; readonly directory: string },
): Promise<number> {
  const log = openRunLog(run.directory);
  let last = 0;
  for (const { seq } of log.events(Math.max(1, ...watching.map(({ through }) => through.get(run.id) ?? 1)))) last = seq;
  log.close();
  const behind = (): number => watching.filter(({ through }) => (through.get(run.id) ?? 0) < last).length;
  for (let tries = 0; tries < 60 && behind() > 0; tries += 1) await wait(500);
  return behind();
}

async function soakPage(minutes: number, program: string, folder: string): Promise<string> {
  const run = makeRun(runsFolderOf(folder), "soak", agents);
  for (const name of run.names) run.begins(name);
  await run.log.flush();
  const served = await serveFolder(program, folder);
  const browser = await startBrowser();
  try {
    const opened = await openPage(browser, await signIn(browser, served));
    await opened.page.addInitScript(countEvents);
    await opened.page.goto(`${served.url}runs/${run.id}`);
    await opened.page.getByRole("table").first().waitFor();
    const speaking = new AbortController();
    const said = speak(run, speaking.signal);
    await wait(3_000);
    const [cpu, serverCpu, began] = [await opened.cpuMs(), cpuSecondsOf(served.pid), performance.now()];
    const rss: Point[] = [];
    const heap = await sample(minutes, async (atMs) => {
      rss.push({ atMs, value: memoryOf(served.pid, "VmRSS") });
      return opened.heapMb();
    });
    const elapsed = performance.now() - began;
    const [pageMs, serverSeconds] = [(await opened.cpuMs()) - cpu, cpuSecondsOf(served.pid) - serverCpu];
    speaking.abort();
    const last = await said;
    const told = await toldOf(opened.page, last);
    const rows = [
      ["gaps", String(told.gaps), "0"],
      ["events said, and the last the page was told", `${last}, ${told.through}`, "the same"],
      ["events a second", ((1000 * last) / elapsed).toFixed(0), "1000"],
      ["page: % of a core, its main thread", ((100 * pageMs) / elapsed).toFixed(1), "40"],
      ["page: heap MB, at the end", heap.at(-1)?.value.toFixed(1) ?? "?", ""],
      ["page: heap MB a minute", slopeAMinute(settled(heap)).toFixed(2), "1"],
      ["server: % of a core", ((100_000 * serverSeconds) / elapsed).toFixed(1), "40"],
      ["server: peak MB", memoryOf(served.pid, "VmHWM").toFixed(0), "150"],
      ["server: MB a minute", slopeAMinute(settled(rss)).toFixed(2), ""],
    ];
    return markdownTable([`${eventsASecond} events a second into the page`, "measured", "budget"], rows);
  } finally {
    await browser.close();
    served.end();
    await run.log.close();
  }
}

/** Until it is told to end; gives the number of the last event. */
async function speak(run: MadeRun, signal: AbortSignal): Promise<number> {
  const began = performance.now();
  for (let said = 0; !signal.aborted;) {
    const due = ((performance.now() - began) / 1000) * eventsASecond;
    for (; said < due; said += 1) run.says(run.names[said % agents] ?? "", `says ${said} things of this and that`);
    await wait(10);
  }
  await run.log.flush();
  return run.log.append({ type: "run-stopping", cause: { kind: "user" }, force: false }).seq;
}

async function sample(minutes: number, take: (atMs: number) => number | Promise<number>): Promise<readonly Point[]> {
  const points: Point[] = [];
  const began = performance.now();
  for (let atMs = 0; atMs < minutes * 60_000; atMs = performance.now() - began) {
    points.push({ atMs, value: await take(atMs) });
    await wait(sampleMs);
  }
  return points;
}

function settled(points: readonly Point[]): readonly Point[] {
  return points.filter(({ atMs }) => atMs >= warmUpMs);
}

/** Counts what comes over the page's own stream, before the page hears of it. */
const countEvents = `(() => {
  const told = (window.__told = { through: 0, gaps: 0 });
  const Native = window.EventSource;
  window.EventSource = class extends Native {
    constructor(...words) {
      super(...words);
      this.addEventListener("message", ({ data }) => {
        for (const [, from, to] of data.matchAll(/"kind":"events","run":"\\w+","from":(\\d+),"through":(\\d+)/g)) {
          if (Number(from) !== told.through + 1) told.gaps += 1;
          told.through = Number(to);
        }
      });
    }
  };
})()`;

async function toldOf(page: Page, last: number): Promise<{ readonly through: number; readonly gaps: number }> {
  await comesTrue(page, `window.__told.through >= ${last}`);
  return page.evaluate("window.__told");
}

function sum(watching: readonly StreamViewer[], pick: (viewer: StreamViewer) => number): number {
  return sumOf(watching.map(pick));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
