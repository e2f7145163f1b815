import type { Locator, Page } from "playwright-core";

/** More than any screen has before what is looked for. */
const mostStops = 120;

/** Presses Tab until this has the focus, as somebody without a mouse would. Rejects where it is never come to. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stop = 0; stop < mostStops; stop += 1) {
    if (await target.evaluate((element) => element.matches(":focus"))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not come to ${String(target)}`);
}

/** Goes to it by Tab and presses it. */
export async function press(page: Page, target: Locator, key = "Enter"): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Types keys one after the other: "g", "r". */
export async function type(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
