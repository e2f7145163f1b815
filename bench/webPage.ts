import { setTimeout as wait } from "node:timers/promises";
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import type { ServedFolder } from "./servedFolder.ts";

export type SignedIn = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** A window of its own, signed in, whose figures can be asked for. */
export interface OpenPage {
  readonly page: Page;
  /** Of the page's main thread since it was opened, in ms of its own CPU clock. */
  cpuMs(): Promise<number>;
  /** Script alone. */
  scriptMs(): Promise<number>;
  /** Live objects, in MB, after a collection. */
  heapMb(): Promise<number>;
  close(): Promise<void>;
}

export async function signIn(browser: Browser, { signIn: link, url }: ServedFolder): Promise<SignedIn> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForURL(url);
  const state = await context.storageState();
  await context.close();
  return state;
}

export async function openPage(browser: Browser, storageState: SignedIn): Promise<OpenPage> {
  const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  return {
    page,
    cpuMs: async () => (await metric(devtools, "TaskDuration")) * 1000,
    scriptMs: async () => (await metric(devtools, "ScriptDuration")) * 1000,
    heapMb: async () => {
      await devtools.send("HeapProfiler.collectGarbage");
      return (await metric(devtools, "JSHeapUsedSize")) / 1e6;
    },
    close: () => context.close(),
  };
}

async function metric(devtools: CDPSession, wanted: string): Promise<number> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === wanted)?.value ?? 0;
}

/** Whether that came true in the page within the time. Asked from here: the page's own policy lets nothing be evaluated in it. */
export async function comesTrue(page: Page, expression: string, withinMs = 30_000): Promise<boolean> {
  for (const end = performance.now() + withinMs; performance.now() < end;) {
    if ((await page.evaluate(expression)) === true) return true;
    await wait(50);
  }
  return false;
}

/** What a page's main thread did in some time. */
export interface Tasks {
  /** The longest task, in ms of the thread's own clock: work of other programs does not count. */
  readonly longestMs: number;
  /** How many took more than 100 ms of it. */
  readonly long: number;
  /** In all. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Every task of the main threads of this browser's pages while `action` goes on. With one page open, of that page. */
export async function tasksDuring(browser: Browser, page: Page, action: () => Promise<unknown>): Promise<Tasks> {
  await browser.startTracing(page, { categories: ["-*", "toplevel", "disabled-by-default-devtools.timeline"] });
  const began = performance.now();
  await action();
  const wallMs = performance.now() - began;
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const threads = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = trace.traceEvents
    .filter(({ name, pid, tid }) => name === "RunTask" && threads.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000);
  return {
    longestMs: Math.max(0, ...tasks),
    long: tasks.filter((ms) => ms > 100).length,
    cpuMs: tasks.reduce((sum, ms) => sum + ms, 0),
    wallMs,
  };
}
