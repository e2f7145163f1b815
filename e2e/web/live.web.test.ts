import { writeFileSync } from "node:fs";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import type { Batch } from "@claude-orchestrator/protocol";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { readLog } from "../support/invariants.ts";
import { describeInBrowser } from "./browser.ts";
import { settled } from "./looks.ts";
import { createWebRig, type WebRig } from "./rig.ts";

/** `first` is done at once; each of the others waits for a file of its name. */
const gated = {
  name: "gated",
  concurrency: 4,
  instances: [
    { name: "first", agent: "command", run: "echo one" },
    ...["second", "third"].map((name) => ({
      name,
      agent: "command",
      run: `echo ${name} begins; until [ -e ${name} ]; do sleep 0.1; done; echo ${name} ends`,
    })),
  ],
};

const open = (web: WebRig, gate: string): void => writeFileSync(web.rig.path(gate), "");
const isLive = (page: Page): Promise<void> => page.getByText("Live", { exact: true }).waitFor();
const shows = (page: Page, words: string | RegExp): Promise<void> => page.getByText(words).first().waitFor();

/** Kept by the window itself, so that a page that was loaded anew has none of it. */
const listening = `
  window.told = [];
  const Own = window.EventSource;
  window.EventSource = class extends Own {
    constructor(...words) {
      super(...words);
      this.addEventListener("message", ({ data }) => window.told.push(data));
    }
  };
`;

/** The numbers of a run's events that this window was told since it was loaded, in the order in which they came. */
async function toldOf(page: Page, run: string): Promise<readonly number[]> {
  const texts: readonly string[] = await page.evaluate("window.told");
  const envelopes = texts.flatMap((text) => (JSON.parse(text) as Batch).envelopes);
  return envelopes
    .flatMap((each) => (each.kind === "events" && each.run === run ? each.events : []))
    .map(({ seq }) => seq);
}

function logOf(web: WebRig): readonly LoggedEvent[] {
  return readLog(web.rig.runs().at(-1) ?? "");
}

await describeInBrowser("a page that is live", (browser) => {
  test("a server that is killed and comes back costs no event and no reload, and the page says meanwhile that it is not live", async () => {
    await using web = await createWebRig(browser, { config: gated });
    const run = await web.detach("fleet.json");
    const page = await web.open("/");
    await page.context().addInitScript(listening);
    await page.goto(web.address(`/runs/${run}`));
    await isLive(page);
    await shows(page, "second, third work");
    await settled(page);

    web.served().program.signal("SIGKILL");
    await web.served().program.ended;
    await shows(page, /^Not live: as of \d\d:\d\d:\d\d$/);
    await shows(page, "This is the run as it was");
    open(web, "second");
    await expect
      .poll(() => logOf(web).filter(({ type }) => type === "instance-settled").length, { timeout: 60_000 })
      .toBe(2);
    await shows(page, "second, third work");

    await web.serveAgain();
    await isLive(page);
    await shows(page, "third works");
    open(web, "third");
    await shows(page, "Everything succeeded");
    const logged = logOf(web).map(({ seq }) => seq);
    await expect.poll(() => toldOf(page, run), { timeout: 60_000 }).toEqual(logged);
  });

  test("every screen is read ahead, so that a server that is gone takes none of them away", async () => {
    await using web = await createWebRig(browser, { config: gated });
    const run = await web.detach("fleet.json");
    const page = await web.open(`/runs/${run}?tab=log&instance=first`);
    await page.waitForFunction(() => {
      const read = performance.getEntriesByType("resource").map(({ name }) => name);
      return ["Runs", "System", "Overview", "Events"].every((part) => read.some((name) => name.includes(`/${part}-`)));
    });
    await settled(page);
    for (const tab of ["Events", "Log"]) await page.getByRole("tab", { name: tab }).click();
    await settled(page);
    web.served().program.signal("SIGKILL");
    await shows(page, /^Not live: as of/);
    await page.getByRole("tab", { name: "Events" }).click();
    await settled(page);
    expect(await page.getByText("This screen cannot be").count()).toBe(0);
  });

  test("a server that drains says so to its windows, which are live again when there is one", async () => {
    await using web = await createWebRig(browser, { config: gated });
    const page = await web.open("/");
    await isLive(page);
    web.served().program.signal("SIGTERM");
    expect((await web.served().program.ended).exitCode).toBe(0);
    await shows(page, /^Not live: as of/);
    await web.serveAgain();
    await isLive(page);
    await shows(page, "Start the demo run");
  });

  test("a run that a terminal starts appears by itself, in two browsers alike, and outlives a reload in its middle", async () => {
    await using web = await createWebRig(browser, { config: gated });
    const [one, other] = [await web.open("/"), await web.open("/runs", { viewport: { width: 390, height: 800 } })];
    await isLive(one);
    await isLive(other);
    const run = await web.detach("fleet.json");
    await one.getByRole("link", { name: "gated" }).click();
    await shows(one, "second, third work");
    await shows(other, run);
    await other.getByRole("row", { name: "running" }).waitFor();
    open(web, "second");
    await shows(one, "third works");
    await one.reload();
    await shows(one, "third works");
    expect(new URL(one.url()).pathname).toBe(`/runs/${run}`);
    open(web, "third");
    await shows(one, "Everything succeeded");
    await other.getByRole("row", { name: "succeeded" }).waitFor();
    await other.goto(web.address(`/runs/${run}`));
    const sentences = await Promise.all(
      [one, other].map((page) => page.getByText("Everything succeeded").textContent()),
    );
    expect(new Set(sentences).size).toBe(1);
  });

  test("the window's title and icon say what runs and what needs somebody", async () => {
    const failing = { name: "second", agent: "command", run: "until [ -e second ]; do sleep 0.1; done; exit 1" };
    await using web = await createWebRig(browser, { config: { ...gated, instances: [failing] } });
    const page = await web.open("/");
    const seen = async (): Promise<readonly string[]> => {
      const icon = await page.locator('link[rel="icon"]').getAttribute("href");
      return [await page.title(), icon?.split("/").at(-1) ?? ""];
    };
    const patience = { timeout: 60_000 };
    await expect.poll(seen, patience).toEqual(["Now · claude-orchestrator", "icon.svg"]);
    await web.detach("fleet.json");
    await expect.poll(seen, patience).toEqual(["(1 running) Now · claude-orchestrator", "icon-running.svg"]);
    await page.getByRole("link", { name: "Schedules" }).click();
    await expect.poll(seen, patience).toEqual(["(1 running) Schedules · claude-orchestrator", "icon-running.svg"]);
    open(web, "second");
    await expect.poll(seen, patience).toEqual(["(1 needs you) Schedules · claude-orchestrator", "icon-failed.svg"]);
  });
});
