import { mkdtempSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Page } from "playwright-core";
import { startBrowser } from "../e2e/web/startBrowser.ts";
import type { MadeRun } from "./madeRun.ts";
import { makeRun } from "./madeRun.ts";
import { cpuSecondsOf, percentile } from "./processFigures.ts";
import { runsFolderOf, serveFolder } from "./servedFolder.ts";
import { markdownTable } from "./table.ts";
import { watchEvents } from "./viewers.ts";
import { openPage, signIn } from "./webPage.ts";

const agents = 100;
/** Each says something so often a second. */
const saysASecond = 2;
const seconds = 20;

interface Lags {
  readonly server: readonly number[];
  readonly page: readonly number[];
  readonly pageCpuShare: number;
  readonly serverCpuShare: number;
}

/** From the commit of an event to its text in the page, and to another viewer of the stream, with a hundred agents at work. */
export async function measureLive(program: string, scratch: string): Promise<string> {
  const rows: (readonly string[])[] = [];
  for (const viewers of [1, 100]) {
    const lags = await measureOnce(program, mkdtempSync(path.join(scratch, "live ")), viewers);
    const ms = (values: readonly number[], share: number): string => percentile(values, share).toFixed(0);
    rows.push([
      `a page and ${viewers} ${viewers === 1 ? "viewer" : "viewers"}`,
      ...[lags.server, lags.page].flatMap((each) => [ms(each, 0.5), ms(each, 0.95)]),
      String(lags.page.length),
      (100 * lags.pageCpuShare).toFixed(0),
      (100 * lags.serverCpuShare).toFixed(0),
    ]);
  }
  const title = `### from an event's commit to the screen: ${agents} agents, ${agents * saysASecond} events a second for ${seconds} s`;
  const head = ["", "viewer ms", "p95", "page ms", "p95", "events seen", "page % of a core", "server %"];
  const remark =
    "Page: until its text is in the document, of the instances in sight. One clock: all of it is one machine.";
  return `${title}\n\n${remark}\n\n${markdownTable(head, rows)}\n`;
}

async function measureOnce(program: string, folder: string, viewers: number): Promise<Lags> {
  const run = makeRun(runsFolderOf(folder), "live", agents);
  for (const name of run.names) run.begins(name);
  await run.log.flush();
  const served = await serveFolder(program, folder);
  const browser = await startBrowser();
  const committed = new Map<number, number>();
  run.log.subscribe((events) => {
    for (const event of events) {
      const said = event.type === "attempt-progressed" ? numberIn(event.activity[0]?.text ?? "") : undefined;
      if (said !== undefined) committed.set(said, Date.now());
    }
  });
  const heard: number[] = [];
  const place = { url: served.url, token: served.token, runs: [run.id] };
  const watching = Array.from({ length: viewers }, (_, at) =>
    watchEvents(place, false, at === 0 ? (text) => heard.push(...lagsIn(text, committed)) : undefined),
  );
  const opened = await openPage(browser, await signIn(browser, served));
  try {
    await opened.page.goto(`${served.url}runs/${run.id}`);
    await opened.page.getByRole("table").first().waitFor();
    await speak(run, 2);
    await opened.page.evaluate(watchTexts);
    const [cpu, serverCpu, began] = [await opened.cpuMs(), cpuSecondsOf(served.pid), performance.now()];
    await speak(run, seconds);
    const elapsed = performance.now() - began;
    const seen = await textsSeen(opened.page);
    return {
      server: heard,
      page: seen.flatMap(([said, at]) => (committed.get(said) === undefined ? [] : [at - (committed.get(said) ?? at)])),
      pageCpuShare: ((await opened.cpuMs()) - cpu) / elapsed,
      serverCpuShare: ((cpuSecondsOf(served.pid) - serverCpu) * 1000) / elapsed,
    };
  } finally {
    for (const viewer of watching) viewer.close();
    await browser.close();
    served.end();
    await run.log.close();
  }
}

/** In turn, evenly; settles when the last has had the time to be seen. */
async function speak(run: MadeRun, forSeconds: number): Promise<void> {
  const began = performance.now();
  const first = Date.now();
  const total = forSeconds * agents * saysASecond;
  for (let said = 0; said < total;) {
    const due = Math.min(total, ((performance.now() - began) / 1000) * agents * saysASecond);
    for (; said < due; said += 1) run.says(run.names[said % agents] ?? "", `says ${first + said}`);
    await wait(5);
  }
  await wait(1_000);
}

function numberIn(text: string): number | undefined {
  const [, digits] = /^says (\d+)$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function lagsIn(text: string, committed: ReadonlyMap<number, number>): readonly number[] {
  const now = Date.now();
  return [...text.matchAll(/"text":"says (\d+)"/g)].flatMap(([, digits]) => {
    const at = committed.get(Number(digits));
    return at === undefined ? [] : [now - at];
  });
}

/** From now on, when each text first came into the document, by the wall clock. */
const watchTexts = `(() => {
  const seen = (window.__seen = new Map());
  const note = (node) => {
    const [, digits] = /^says (\\d+)$/.exec(node.nodeValue ?? "") ?? [];
    if (digits !== undefined && !seen.has(Number(digits))) seen.set(Number(digits), Date.now());
  };
  const noteAll = (node) => {
    if (node.nodeType === Node.TEXT_NODE) note(node);
    else for (const child of node.childNodes) noteAll(child);
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "characterData") note(target);
      else for (const node of addedNodes) noteAll(node);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
})()`;

async function textsSeen(page: Page): Promise<readonly (readonly [number, number])[]> {
  return page.evaluate("[...window.__seen]");
}
