import { mkdtempSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../e2e/web/startBrowser.ts";
import type { MadeRun } from "./madeRun.ts";
import { makeRun } from "./madeRun.ts";
import { runsFolderOf, serveFolder } from "./servedFolder.ts";
import { markdownTable } from "./table.ts";
import { openPage, signIn, tasksDuring } from "./webPage.ts";
import type { SignedIn, Tasks } from "./webPage.ts";

const instances = 10_000;
const over = 6_000;
const atWork = 100;
const eventsASecond = 200;
const watchedMs = 5_000;

/** What is waited for on each tab, as what tells that it is there. */
const tabs = [
  { name: "overview", sign: "[role=table] [role=row][data-current]" },
  { name: "timeline", sign: "[role=listbox] [role=option]" },
  { name: "graph", sign: "[role=group] button" },
  { name: "events", sign: "[role=table] [role=row][data-current]" },
  { name: "cost", sign: "[role=table] [role=row][data-current]" },
] as const;

/** A run of ten thousand instances on the page, of which a hundred work: each tab opened by a link, watched while it goes on, scrolled. */
export async function measureLarge(program: string, scratch: string): Promise<string> {
  const folder = mkdtempSync(path.join(scratch, "large "));
  const run = makeRun(runsFolderOf(folder), "large", instances);
  await tellThePast(run);
  const served = await serveFolder(program, folder);
  const browser = await startBrowser();
  try {
    const state = await signIn(browser, served);
    const rows: (readonly string[])[] = [];
    for (const tab of tabs) {
      const address = `${served.url}runs/${run.id}?tab=${tab.name}`;
      rows.push([tab.name, ...(await measureTab(browser, state, { address, sign: tab.sign, run }))]);
    }
    return report(rows);
  } finally {
    await browser.close();
    served.end();
    await run.log.close();
  }
}

async function tellThePast(run: MadeRun): Promise<void> {
  for (const [index, name] of run.names.slice(0, over + atWork).entries()) {
    run.begins(name);
    for (let turn = 1; turn <= 4; turn += 1) run.says(name, `turn ${turn}: this part reads well`);
    if (index < over) run.ends(name, index % 50 === 0 ? "failed" : "succeeded");
    if (index % 100 === 0) await run.log.flush();
  }
  await run.log.flush();
}

interface Watched {
  readonly address: string;
  readonly sign: string;
  readonly run: MadeRun;
}

async function measureTab(browser: Browser, state: SignedIn, { address, sign, run }: Watched) {
  const opened = await openPage(browser, state);
  const { page } = opened;
  let shownMs = 0;
  const opening = await tasksDuring(browser, page, async () => {
    await page.goto(address);
    await page.locator(sign).first().waitFor({ state: "attached" });
    shownMs = await page.evaluate("performance.now()");
    await wait(2_000);
  });
  const watching = await tasksDuring(browser, page, () => goOn(run, watchedMs));
  const scrolling = await tasksDuring(browser, page, () => Promise.all([goOn(run, 3_000), scroll(page)]));
  const heapMb = await opened.heapMb();
  await opened.close();
  return [
    shownMs.toFixed(0),
    ...[opening, watching, scrolling].map(longest),
    ((100 * watching.cpuMs) / watching.wallMs).toFixed(0),
    heapMb.toFixed(0),
  ];
}

/** The hundred that work say something in turn; each second one ends, and the next begins. */
async function goOn(run: MadeRun, ms: number): Promise<void> {
  const began = performance.now();
  const working = run.names.slice(over + 1, over + atWork);
  let said = 0;
  while (performance.now() - began < ms) {
    const due = ((performance.now() - began) / 1000) * eventsASecond;
    for (; said < due; said += 1) run.says(working[said % working.length] ?? "", `says ${said} things`);
    await wait(10);
  }
}

/** Whatever scrolls: the box of a chart, or the whole page. */
async function scroll(page: Page): Promise<void> {
  await page.mouse.move(900, 600);
  for (let step = 0; step < 40; step += 1) {
    await page.mouse.wheel(0, 400);
    await wait(30);
  }
}

function longest({ longestMs, long }: Tasks): string {
  return `${longestMs.toFixed(0)}${long === 0 ? "" : ` (${long} over 100)`}`;
}

function report(rows: readonly (readonly string[])[]): string {
  const title = `### a run of ${instances} instances on the page, ${atWork} at work, ${eventsASecond} events a second`;
  const head = ["tab", "shown ms", "longest task: opening", "watching", "scrolling", "% of a core watching", "heap MB"];
  const remark =
    "Tasks in ms of the main thread's own CPU clock; shown: from loading the page by a link to its first rows, by the wall's.";
  return `${title}\n\n${remark}\n\n${markdownTable(head, rows)}\n`;
}
