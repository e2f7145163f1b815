import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Browser, CDPSession, Page } from "playwright-core";
import { startBrowser } from "../e2e/web/startBrowser.ts";
import { median } from "./sample.ts";
import { markdownTable } from "./table.ts";

const scrolledFrames = 100;

interface Sample {
  readonly paintMs: number;
  readonly scriptMs: number;
  readonly openMs: number;
  readonly heapMb: number;
  readonly frameMs: number;
}

/** The page in a real browser: its first screen, a log of ten thousand lines scrolled, one of a million opened. */
export async function measureWeb(rounds: number, program: string, scratch: string): Promise<string> {
  const folder = mkdtempSync(path.join(scratch, "web "));
  const env = { PATH: "/usr/bin:/bin", HOME: folder };
  const lines = (name: string, count: number) => ({
    name,
    agent: "command",
    run: ["seq", "-f", "line %.0f", `${count}`],
  });
  const fleet = { name: "logs", instances: [lines("short", 10_000), lines("long", 1_000_000)] };
  writeFileSync(path.join(folder, "fleet.json"), JSON.stringify(fleet));
  spawnSync(process.execPath, [program, "run", "fleet.json", "--quiet"], { cwd: folder, env });
  const server = spawn(process.execPath, [program, "serve", "--no-open", "--json"], { cwd: folder, env });
  const browser = await startBrowser();
  try {
    const said = JSON.parse(await firstLine(server.stdout)) as { readonly url: string; readonly sign_in: string };
    const samples: Sample[] = [];
    const state = await signedIn(browser, said.sign_in, said.url);
    for (let round = 0; round < rounds; round += 1) samples.push(await measureOnce(browser, state, said.url));
    return report(samples);
  } finally {
    await browser.close();
    server.kill("SIGTERM");
  }
}

type State = Awaited<ReturnType<typeof signedIn>>;

async function signedIn(browser: Browser, link: string, url: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForURL(url);
  const state = await context.storageState();
  await context.close();
  return state;
}

async function measureOnce(browser: Browser, storageState: State, url: string): Promise<Sample> {
  const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(url);
  await page.getByRole("link", { name: "logs" }).first().waitFor();
  const paintMs: number = await page.evaluate(largestPaint);
  const scriptMs = (await metric(devtools, "ScriptDuration")) * 1000;
  const openMs = await openLog(page, `${url}runs/latest?tab=log&instance=long&line=1`);
  await scroll(page);
  await devtools.send("HeapProfiler.collectGarbage");
  const heapMb = (await metric(devtools, "JSHeapUsedSize")) / 1e6;
  await openLog(page, `${url}runs/latest?tab=log&instance=short&line=1`);
  const before = await metric(devtools, "TaskDuration");
  await scroll(page);
  const frameMs = (((await metric(devtools, "TaskDuration")) - before) * 1000) / scrolledFrames;
  await context.close();
  return { paintMs, scriptMs, openMs, heapMb, frameMs };
}

/** From loading the page at that address until its first line is there, in ms. */
async function openLog(page: Page, address: string): Promise<number> {
  await page.goto(address);
  await page.getByText("line 1", { exact: true }).waitFor();
  return page.evaluate("performance.now()");
}

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

async function metric(devtools: CDPSession, wanted: string): Promise<number> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === wanted)?.value ?? 0;
}

async function firstLine(stdout: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error("the program printed nothing");
}

function report(samples: readonly Sample[]): string {
  const row = (what: string, unit: string, budget: string, pick: (sample: Sample) => number) =>
    [what, `${(median(samples.map(pick)) ?? 0).toFixed(1)} ${unit}`, budget] as const;
  const rows = [
    row("first screen: largest paint", "ms", "500 ms", ({ paintMs }) => paintMs),
    row("first screen: script, CPU", "ms", "", ({ scriptMs }) => scriptMs),
    row("a log of 10,000 lines: a frame of scrolling, CPU", "ms", "14 ms", ({ frameMs }) => frameMs),
    row("a log of 1,000,000 lines: from loading the page to its first line", "ms", "300 ms", ({ openMs }) => openMs),
    row("a log of 1,000,000 lines: heap after scrolling", "MB", "80 MB", ({ heapMb }) => heapMb),
  ];
  const title = "### the page, in Chromium without a window";
  return `${title}\n\nMedians of ${samples.length}.\n\n${markdownTable(["", "measured", "budget"], rows)}\n`;
}
