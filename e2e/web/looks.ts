import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

const tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];

type AxeResults = Awaited<ReturnType<AxeBuilder["analyze"]>>;

/** Settles when the screen has its heading, and nothing on it is being loaded, seen or (at first) not. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForFunction(() => {
    const isConnecting = [...document.querySelectorAll("header span")].some(
      (each) => each.textContent === "Connecting",
    );
    const text = document.querySelector("main")?.textContent ?? "";
    const isLive = document.querySelector("header")?.textContent.includes("Not live") !== true;
    const isSearching = document.querySelector("#search-told")?.textContent === "searching";
    return (
      !isConnecting &&
      !isSearching &&
      !/ is being loaded/.test(text) &&
      !(isLive && /\d+ of \d+ runs are read/.test(text))
    );
  });
}

/** Goes to another screen as a link of the page does: without loading the page anew. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(async (to) => {
    history.pushState(undefined, "", new URL(to.replace(/^\//, ""), document.baseURI));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  }, path);
  await settled(page);
}

/** What axe finds wrong, as sentences: everything in the light theme, and in these others what depends on colours. */
export async function violations(
  page: Page,
  others: readonly string[] = ["dark", "contrast"],
): Promise<readonly string[]> {
  await wear(page, "light");
  const { violations: all } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze();
  const found = all.flatMap((violation) => sentences("light", violation));
  for (const theme of others) {
    await wear(page, theme);
    const answer: AxeResults = await page.evaluate(onlyContrast);
    found.push(...answer.violations.flatMap((violation) => sentences(theme, violation)));
  }
  return found;
}

/** A theme, and what moves towards it at its end. */
async function wear(page: Page, theme: string): Promise<void> {
  await page.evaluate(async (name) => {
    document.documentElement.setAttribute("data-theme", name);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    await Promise.allSettled(
      document
        .getAnimations()
        .filter(({ playState }) => playState === "running")
        .map(({ finished }) => finished),
    );
  }, theme);
}

/** The builder has left axe in the page. */
const onlyContrast = 'axe.run({ runOnly: { type: "rule", values: ["color-contrast"] } })';

function sentences(theme: string, { id, nodes }: AxeResults["violations"][number]): readonly string[] {
  return nodes.map(({ html, failureSummary }) => {
    const why = (failureSummary ?? "").split("\n")[1]?.trim() ?? "";
    return `${theme}: ${id}: ${html.slice(0, 200)}: ${why}`;
  });
}

/** What makes the page wider than its window: the elements that stick out, or nothing. */
export async function sideways(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement ?? document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const isCut = (element: Element): boolean => {
      const around = element.parentElement;
      if (around === null || around === document.body) return false;
      return getComputedStyle(around).overflowX !== "visible" || isCut(around);
    };
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1 && !isCut(element))
      .map((element) => `${element.tagName} ${element.className}: ${(element.textContent ?? "").slice(0, 60)}`)
      .slice(0, 5);
  });
}

/** Lines, words and letters as far apart as somebody may need them (WCAG 1.4.12); undone by the same with `false`. */
export async function spaceText(page: Page, isWide: boolean): Promise<void> {
  await page.evaluate((wide: boolean) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }",
    );
    document.adoptedStyleSheets = wide ? [sheet] : [];
  }, isWide);
}
