import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { press, tabTo, type } from "./keyboard.ts";
import { createWebRig } from "./rig.ts";
import { failingLine, sampleFiles } from "./sampleRuns.ts";

const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole("heading", { level: 1, name }).waitFor();
const path = (page: Page): string => new URL(page.url()).pathname;
const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? "");

await describeInBrowser("by the keyboard alone", (browser) => {
  test("the demo run is started from the empty page, and its heading has the focus then", async () => {
    await using web = await createWebRig(browser);
    const page = await web.open("/");
    await press(page, page.getByRole("button", { name: "Start the demo run" }));
    await heading(page, "demo");
    await page.getByText("look works").waitFor();
    expect(await focused(page)).toBe("demo");
  });

  test("a run is stopped: the question has the focus, Escape leaves it running, and the last button ends it", async () => {
    await using web = await createWebRig(browser, { files: sampleFiles });
    const run = await web.detach("nightly.json");
    const page = await web.open(`/runs/${run}`);
    await page.getByText("sweep works").waitFor();
    await type(page, "s");
    const dialog = page.getByRole("dialog", { name: "Stop nightly?" });
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await type(page, "s");
    await press(page, dialog.getByRole("button", { name: "Stop nightly" }));
    await page.getByText("stopped", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Resume" }).waitFor();
  });

  test("the line that says why a run failed is found from the first screen, and its link leads others to it", async () => {
    await using web = await createWebRig(browser, { files: sampleFiles });
    const run = await web.run("release.json");
    const page = await web.open("/");
    await press(page, page.getByRole("link", { name: "release" }).first());
    await heading(page, "release");
    await type(page, "n", "4");
    await page.getByText("ok test 400 of 400", { exact: true }).waitFor();
    await type(page, "/");
    await page.keyboard.type("expected 17");
    await page.getByText("1 line", { exact: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("1 of 1").waitFor();
    await page.locator("[data-marked]").getByText("FAIL src/ledger.test.ts").waitFor();
    const link = new URL(page.url());
    expect(link.searchParams.get("line")).toBe(String(failingLine));
    await press(page, page.getByRole("checkbox", { name: "Regular expression" }), "Space");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("^FAIL .*(17");
    await page.getByText("The pattern cannot be read: unterminated group, at character 9").waitFor();
    await page.keyboard.type("|71)");
    await page.getByText("1 of 1").waitFor();
    const other = await web.open(`${link.pathname}${link.search}`);
    await other.locator("[data-marked]").getByText("FAIL src/ledger.test.ts").waitFor();
    expect(path(other)).toBe(`/runs/${run}`);
  });

  test("the palette finds a run by a part of its name, and Escape gives the focus back", async () => {
    await using web = await createWebRig(browser, { files: sampleFiles });
    const run = await web.run("release.json");
    const page = await web.open("/");
    await heading(page, "Now");
    await tabTo(page, page.getByRole("link", { name: "Schedules" }));
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: "Place, run or action" });
    await field.waitFor();
    await page.keyboard.press("Escape");
    await field.waitFor({ state: "detached" });
    expect(await focused(page)).toBe("Schedules");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("rele");
    await page
      .getByRole("option", { name: /release/ })
      .first()
      .waitFor();
    await page.keyboard.press("Enter");
    await heading(page, "release");
    expect(path(page)).toBe(`/runs/${run}`);
  });

  test("keys go to every place, the sheet shows them, and single keys can be turned off", async () => {
    await using web = await createWebRig(browser);
    const page = await web.open("/");
    await heading(page, "Now");
    for (const [keys, name] of [
      ["g r", "Runs"],
      ["g s", "Schedules"],
      ["g y", "System"],
      ["g n", "Now"],
    ] as const) {
      await type(page, ...keys.split(" "));
      await heading(page, name);
    }
    await type(page, "?");
    const sheet = page.getByRole("dialog", { name: "Keys" });
    await press(page, sheet.getByLabel("Keys without Ctrl, Command or Alt"), "Space");
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
    await type(page, "g", "r", "?");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Place, run or action" }).waitFor();
    expect({ path: path(page), sheets: await sheet.count() }).toEqual({ path: "/", sheets: 0 });
  });

  test("runs are filtered, walked through, selected and compared", async () => {
    await using web = await createWebRig(browser, { files: sampleFiles });
    const [review, release] = [await web.run("review.json"), await web.run("release.json")];
    const page = await web.open("/runs");
    await page.getByRole("row", { name: "weekly review" }).waitFor();
    await type(page, "x", "j", "x");
    await press(page, page.getByRole("button", { name: "Compare" }));
    await page.waitForURL(/\/compare/);
    expect(new URL(page.url()).searchParams.getAll("a")).toEqual([release]);
    expect(new URL(page.url()).searchParams.getAll("b")).toEqual([review]);
    await page.goBack();
    await page.getByRole("row", { name: "weekly review" }).waitFor();
    await type(page, "/");
    await page.keyboard.type("week");
    await page.getByRole("row", { name: "release" }).waitFor({ state: "detached" });
    await expect.poll(() => new URL(page.url()).search, { timeout: 60_000 }).toBe("?text=week");
    await page.keyboard.press("Tab");
    await tabTo(page, page.getByRole("row", { name: "weekly review" }));
    await page.keyboard.press("Enter");
    await heading(page, "weekly review");
  });

  test("Tab goes from the skip link through the places to the screen, and what has the focus is seen", async () => {
    await using web = await createWebRig(browser);
    const page = await web.open("/");
    await page.getByRole("button", { name: "Start the demo run" }).waitFor();
    const skip = page.getByRole("link", { name: "Skip to the content" });
    await tabTo(page, skip);
    const stops: Stop[] = [];
    for (let count = 0; count < 15; count += 1) {
      stops.push(await page.evaluate(stopHere));
      await page.keyboard.press("Tab");
    }
    expect(stops.filter(({ isSeen }) => !isSeen)).toEqual([]);
    const places = ["Now", "Runs", "Inbox", "New run", "Schedules", "Costs", "Agents", "System"];
    const bar = ["Find or do Ctrl K", "Settings", "Help and keys"];
    const screen = ["New run", "Start the demo run", "New run"];
    expect(stops.map(({ name }) => name)).toEqual(["Skip to the content", ...places, ...bar, ...screen]);
    await press(page, skip);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");
  });
});

interface Stop {
  readonly name: string;
  /** It is inside the window, and it is marked. */
  readonly isSeen: boolean;
}

/** What has the focus. In the browser. */
function stopHere(): Stop {
  const element = document.activeElement ?? document.body;
  const { top, bottom, left, right, width } = element.getBoundingClientRect();
  const isInside = top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth && width > 0;
  const label = element.closest("label")?.querySelector("span")?.textContent;
  const name = element.getAttribute("aria-label") ?? label ?? element.textContent;
  return { name, isSeen: isInside && getComputedStyle(element).outlineStyle !== "none" };
}
