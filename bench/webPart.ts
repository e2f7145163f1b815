import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../e2e/web/startBrowser.ts";
import { makeRun } from "./madeRun.ts";
import { cpuSecondsOf } from "./processFigures.ts";
import { median } from "./sample.ts";
import { environmentOf, runsFolderOf, serveFolder } from "./servedFolder.ts";
import type { ServedFolder } from "./servedFolder.ts";
import { markdownTable } from "./table.ts";
import { comesTrue, openPage, signIn } from "./webPage.ts";
import type { SignedIn } from "./webPage.ts";

const scrolledFrames = 100;
const boxes = 300;

interface Sample {
  readonly paintMs: number;
  readonly scriptMs: number;
  readonly linkMs: number;
  readonly clickMs: number;
  readonly clickCpuMs: number;
  readonly heapMb: number;
  readonly frameMs: number;
  readonly layoutMs: number;
}

/** The page in a real browser: its first screen, a log of ten thousand lines scrolled, one of a million opened. */
export async function measureWeb(rounds: number, program: string, scratch: string): Promise<string> {
  const folder = mkdtempSync(path.join(scratch, "web "));
  const { id: graph, log } = makeRun(runsFolderOf(folder), "graph", boxes, 10);
  await log.close();
  const lines = (name: string, count: number) => ({
    name,
    agent: "command",
    run: ["seq", "-f", "line %.0f", `${count}`],
  });
  const fleet = { name: "logs", instances: [lines("short", 10_000), lines("long", 1_000_000)] };
  writeFileSync(path.join(folder, "fleet.json"), JSON.stringify(fleet));
  spawnSync(process.execPath, [program, "run", "fleet.json", "--quiet"], { cwd: folder, env: environmentOf(folder) });
  const browser = await startBrowser();
  try {
    const samples: Sample[] = [];
    for (let round = 0; round < rounds; round += 1)
      samples.push(await measureOnce(browser, program, { folder, graph }));
    return report(samples);
  } finally {
    await browser.close();
  }
}

interface Runs {
  readonly folder: string;
  /** The id of a run of so many boxes. */
  readonly graph: string;
}

/** A server of its own: none knows where the log's lines are. */
async function measureOnce(browser: Browser, program: string, { folder, graph }: Runs): Promise<Sample> {
  const served = await serveFolder(program, folder);
  try {
    const state = await signIn(browser, served);
    const clicked = await openByClick(browser, state, served);
    const opened = await openPage(browser, state);
    const { page } = opened;
    await page.goto(served.url);
    await page.getByRole("link", { name: "logs" }).first().waitFor();
    const paintMs: number = await page.evaluate(largestPaint);
    const scriptMs = await opened.scriptMs();
    const linkMs = await openByLink(page, `${served.url}runs/latest?tab=log&instance=long&line=1`);
    await scroll(page);
    const heapMb = await opened.heapMb();
    await openByLink(page, `${served.url}runs/latest?tab=log&instance=short&line=1`);
    const before = await opened.cpuMs();
    await scroll(page);
    const frameMs = ((await opened.cpuMs()) - before) / scrolledFrames;
    const layoutMs = await unfoldGraph(page, `${served.url}runs/${graph}?tab=graph`);
    await opened.close();
    return { paintMs, scriptMs, linkMs, ...clicked, heapMb, frameMs, layoutMs };
  } finally {
    served.end();
  }
}

/** From loading the page at that address until its first line is there, in ms. */
async function openByLink(page: Page, address: string): Promise<number> {
  await page.goto(address);
  await page.getByText("line 1", { exact: true }).waitFor();
  return page.evaluate("performance.now()");
}

/** From a click on the tab in a page that is open until the first lines have been drawn. The server has not read that log before. */
async function openByClick(browser: Browser, state: SignedIn, { url, pid }: ServedFolder) {
  const opened = await openPage(browser, state);
  const { page } = opened;
  await page.goto(`${url}runs/latest?instance=long`);
  await page.getByRole("tab", { name: "Log" }).waitFor();
  // All parts of the page have been read ahead by then.
  await comesTrue(page, `performance.getEntriesByType("resource").some(({ name }) => name.includes("/Events-"))`);
  const [before, serverBefore] = [await opened.cpuMs(), cpuSecondsOf(pid)];
  const clickMs: number = await page.evaluate(clickAndWait);
  const clickCpuMs = (await opened.cpuMs()) - before + (cpuSecondsOf(pid) - serverBefore) * 1000;
  await opened.close();
  return { clickMs, clickCpuMs };
}

const clickAndWait = `new Promise((resolve) => {
  const from = performance.now();
  const look = () => {
    const line = document.querySelector("[role=region][aria-label=Output] li span");
    if (!line?.textContent?.startsWith("line")) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)));
  };
  [...document.querySelectorAll("[role=tab]")].find(({ dataset }) => dataset.name === "log").click();
  look();
})`;

const largestPaint = `new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
  .observe({ type: "largest-contentful-paint", buffered: true }))`;

async function scroll(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const box = document.querySelector('[role=region][aria-label=Output]');
    for (let frame = 0; frame < ${scrolledFrames}; frame += 1) {
      box.scrollTop += 400;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  })()`);
}

/** From asking for all boxes of a plan until they are drawn: a worker lays them out meanwhile. */
async function unfoldGraph(page: Page, address: string): Promise<number> {
  await page.goto(address);
  await page.getByRole("button", { name: "Unfold all groups" }).waitFor();
  await page.locator("[role=group] button").first().waitFor();
  return page.evaluate(unfoldAndWait);
}

const unfoldAndWait = `new Promise((resolve) => {
  const from = performance.now();
  const look = () => {
    if (document.querySelectorAll("[role=group] button").length < ${boxes}) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)));
  };
  [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Unfold all groups").click();
  look();
})`;

function report(samples: readonly Sample[]): string {
  const row = (what: string, unit: string, budget: string, pick: (sample: Sample) => number) =>
    [what, `${(median(samples.map(pick)) ?? 0).toFixed(1)} ${unit}`, budget] as const;
  const million = "a log of 1,000,000 lines";
  const rows = [
    row("first screen: largest paint", "ms", "500 ms", ({ paintMs }) => paintMs),
    row("first screen: script, CPU", "ms", "", ({ scriptMs }) => scriptMs),
    row("a log of 10,000 lines: a frame of scrolling, CPU", "ms", "14 ms", ({ frameMs }) => frameMs),
    row(`${million}: from a click to its first lines drawn`, "ms", "300 ms", ({ clickMs }) => clickMs),
    row(`${million}: the CPU of page and server for that`, "ms", "", ({ clickCpuMs }) => clickCpuMs),
    row(`${million}: from loading the page by a link to it`, "ms", "", ({ linkMs }) => linkMs),
    row(`${million}: heap after scrolling`, "MB", "80 MB", ({ heapMb }) => heapMb),
    row(`a graph of ${boxes} boxes: from a click until all are drawn`, "ms", "400 ms", ({ layoutMs }) => layoutMs),
  ];
  const title = "### the page, in Chromium without a window";
  return `${title}\n\nMedians of ${samples.length}.\n\n${markdownTable(["", "measured", "budget"], rows)}\n`;
}
