import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { press, tabTo, type } from "./keyboard.ts";
import { createWebRig, type WebRig } from "./rig.ts";
import { sampleFiles } from "./sampleRuns.ts";

const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };
const copied = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole("heading", { level: 1, name }).waitFor();
const said = (page: Page, words: string | RegExp): Promise<void> =>
  page.locator("#announcements").getByText(words).waitFor({ state: "attached" });
const query = (page: Page): string => new URL(page.url()).search;

await describeInBrowser("more of what one comes for, by the keyboard alone", (browser) => {
  let web: WebRig;
  let review: string;
  let release: string;

  beforeAll(async () => {
    web = await createWebRig(browser, { files: sampleFiles });
    [review, release] = [await web.run("review.json"), await web.run("release.json")];
  });
  afterAll(() => web[Symbol.asyncDispose]());

  test("one instance is stopped by what can be done with its row, while the others go on", async () => {
    const page = await web.open(`/runs/${await web.detach("nightly.json")}`);
    await page.getByText("sweep works").waitFor();
    await page.getByRole("row", { name: "sweep" }).waitFor();
    await type(page, ".");
    await page.getByRole("combobox", { name: "Action of sweep" }).waitFor();
    await page.keyboard.type("stop");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Stop sweep?" });
    await press(page, dialog.getByRole("button", { name: "Stop sweep" }));
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("row", { name: "sweep" }).getByText("stopped", { exact: true }).waitFor();
  });

  test("a schedule is run now", async () => {
    await web.rig.command(["schedule", "add", "review.json", "--cron", "0 3 1 1 *", "--name", "yearly"]);
    const page = await web.open("/");
    await heading(page, "Now");
    await type(page, "g", "s");
    await press(page, page.getByRole("button", { name: "Run now: yearly" }));
    await heading(page, "weekly review");
    await page.getByText("Everything succeeded").waitFor();
    expect(page.url()).not.toContain(review);
  });

  test("the link and the command for a terminal are copied, of whatever is shown", async () => {
    const page = await web.open(`/runs/${release}?tab=log&instance=tests`, clipboard);
    await page.getByText("ok test 400 of 400", { exact: true }).waitFor();
    await type(page, "Shift+Y");
    await expect.poll(() => copied(page)).toBe(`claude-orchestrator logs ${release} tests`);
    await type(page, "y");
    await expect.poll(() => copied(page)).toBe(page.url());
    await type(page, "]", "]", "Shift+Y");
    await expect.poll(() => copied(page)).toBe(`claude-orchestrator logs ${release} publish`);
    await type(page, "g", "r");
    await page.getByRole("row", { name: "weekly review" }).first().waitFor();
    await type(page, "j", ".");
    await page.getByRole("combobox", { name: /^Action of/ }).waitFor();
    await page.keyboard.type("copy id");
    await page.keyboard.press("Enter");
    await expect.poll(() => copied(page)).toMatch(/^run_[0-9a-z]{10}$/);
  });

  test("what an agent did is folded and unfolded in its transcript", async () => {
    const page = await web.open(`/runs/${review}`);
    await page.getByText("Everything succeeded").waitFor();
    await type(page, "5");
    const call = page.locator("summary").filter({ hasText: "wc -l" });
    await tabTo(page, call);
    const output = page.getByText("167 total");
    expect(await output.isVisible()).toBe(false);
    await page.keyboard.press("Space");
    await output.waitFor();
    await page.keyboard.press("Enter");
    await output.waitFor({ state: "hidden" });
  });

  test("runs are found between two days, and the costs of a day are a table and a file", async () => {
    const page = await web.open("/runs");
    await page.getByRole("row", { name: "release" }).waitFor();
    await tabTo(page, page.getByLabel("Up to"));
    await page.keyboard.type("01312020");
    await page.getByText(/^None of \d+ runs match/).waitFor();
    await expect.poll(() => query(page)).toBe("?until=2020-01-31");
    await press(page, page.getByRole("button", { name: "Clear the filter" }));
    await page.getByRole("row", { name: "release" }).waitFor();
    await type(page, "g", "m");
    await page.getByRole("img", { name: /^Spending by day over 30 days/ }).waitFor();
    await tabTo(page, page.getByRole("radio", { name: "Chart" }));
    await page.keyboard.press("ArrowRight");
    await page.getByRole("group", { name: "Sums by day" }).waitFor();
    await tabTo(page, page.getByRole("button", { name: "CSV of the days" }));
    const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    expect(file.suggestedFilename()).toBe("costs-by-day.csv");
    await expect.poll(() => query(page)).toBe("?as=table");
  });

  test("what was put away is seen and brought back, and what ends is read out once", async () => {
    const page = await web.open("/inbox");
    const item = page.getByRole("listitem", { name: "release" });
    await tabTo(page, page.locator("li[aria-current=true]").first());
    while (!(await item.evaluate((element) => element.matches(":focus")))) await type(page, "j");
    await type(page, "n");
    await item.waitFor({ state: "detached" });
    await press(page, page.getByText(/^Put away in this browser/));
    await expect.poll(() => query(page)).toBe("?away=yes");
    await press(page, page.getByRole("button", { name: "Bring release back" }));
    await said(page, "release is back");
    await item.waitFor();
    await web.run("release.json");
    await said(page, "release: failed. It is in the inbox");
  });

  test("times, their zone and keys are as somebody wants them, by the palette and in the settings", async () => {
    const page = await web.open(`/runs/${release}`);
    await page.getByText("it exited with code 1").first().waitFor();
    const begun = page.locator("time").first();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("times: when");
    await page.keyboard.press("Enter");
    await expect.poll(() => begun.textContent()).toMatch(/^\w{3} \d+, \d\d:\d\d:\d\d$/);
    const before = await begun.textContent();
    await type(page, "g", ",");
    const settings = page.getByRole("dialog", { name: "Settings" });
    await tabTo(page, settings.getByLabel("Time zone"));
    await page.keyboard.type("Asia/Kathmandu");
    await settings.getByText("GMT+5:45").waitFor();
    await press(page, settings.getByRole("button", { name: "Keys" }));
    const keys = page.getByRole("dialog", { name: "Keys" });
    await press(page, keys.getByRole("button", { name: "Change keys" }));
    await tabTo(page, keys.getByLabel("Key to next failure"));
    await page.keyboard.press("f");
    await keys.getByText("f is taken").waitFor();
    await page.keyboard.press("Alt+n");
    await page.keyboard.press("Escape");
    await keys.waitFor({ state: "detached" });
    expect(await begun.textContent()).not.toBe(before);
    await type(page, "n");
    expect(query(page)).toBe("");
    await type(page, "Alt+n");
    await expect.poll(() => query(page)).toBe("?instance=tests");
    await page.reload();
    await page.getByText("it exited with code 1").first().waitFor();
    await type(page, "Alt+n");
    await expect.poll(() => query(page)).toBe("?instance=lint");
  });
});
