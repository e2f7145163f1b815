import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { portalPage } from "@claude-orchestrator/release";
import type { PortalFacts } from "@claude-orchestrator/release";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sideways, violations } from "./looks.ts";
import { startBrowser } from "./startBrowser.ts";

const platforms = ["linux-x64", "linux-arm64", "darwin-arm64", "darwin-x64", "win-x64"] as const;

function file(name: string, kind: PortalFacts["artifacts"][number]["kind"]): PortalFacts["artifacts"][number] {
  return { path: `claude-orchestrator-1.2.3${name}`, kind, size: 31_400_000, sha256: "0123456789abcdef".repeat(4) };
}

/** As large as a release is, with the longest names it has. */
const facts: PortalFacts = {
  version: "1.2.3",
  commit: "5c1af60a".repeat(5),
  sourceDateEpoch: 1_700_000_000,
  artifacts: [
    ...platforms.flatMap((platform) => [
      { ...file(`-${platform}`, "executable"), platform },
      { ...file(`-py3-none-manylinux_2_28_x86_64.${platform}.whl`, "wheel"), platform },
    ]),
    file(".tgz", "npm"),
    file("-install.sh", "installer"),
    file("-linux-x64.cdx.json", "sbom"),
  ],
  keys: ["RWTypBGYIoMoFFUpjS++zGIAOz6suqHSZzw+KJkplkqxsuQcTa2aagI7"],
  changes: [
    {
      kind: "Added",
      entries: ["`claude-orchestrator run` with a word that is long: `/etc/claude-orchestrator/policy.yaml`"],
    },
  ],
  weaknesses: [{ name: "CVE-2026-12345", status: "not affected", why: "vulnerable code not in execute path" }],
  style: readFileSync(new URL("../../packages/release/portal/portal.css", import.meta.url), "utf8"),
};

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await startBrowser();
  folder = mkdtempSync(join(tmpdir(), "claude-orchestrator portal "));
  writeFileSync(join(folder, "index.html"), portalPage(facts));
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The page as it is opened from a disk, and what it said or asked for that it should not. */
async function look(
  options: BrowserContextOptions = {},
  script = "",
): Promise<{ readonly page: Page; readonly trouble: readonly string[] }> {
  const context = await browser.newContext(options);
  await context.addInitScript(script);
  const page = await context.newPage();
  const trouble: string[] = [];
  const address = pathToFileURL(join(folder, "index.html")).href;
  page.on("console", (message) => trouble.push(message.text()));
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== address) trouble.push(request.url());
  });
  await page.goto(address);
  return { page, trouble };
}

describe.each([320, 768, 1440])("%i pixels wide", (width) => {
  test.each(["light", "dark"] as const)(
    "nothing is wrong in %s, sticks out, or is asked of anybody",
    async (colorScheme) => {
      const { page, trouble } = await look({ viewport: { width, height: 800 }, colorScheme });
      expect(await sideways(page)).toEqual([]);
      expect(await violations(page, [])).toEqual([]);
      expect(trouble).toEqual([]);
      await page.context().close();
    },
  );
});

test.each([
  ["Mozilla/5.0 (X11; Linux aarch64)", ["Linux on arm64"]],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", ["macOS on Apple silicon", "macOS on Intel"]],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", ["Windows on x64"]],
  ["Mozilla/5.0 (Linux; Android 15)", []],
])("what fits the machine comes first: %s", async (userAgent, names) => {
  const { page } = await look({ userAgent }, "delete Navigator.prototype.userAgentData");
  const marked = page.locator(".card.here");
  expect(await marked.locator("h3").allTextContents()).toEqual(names);
  expect(await page.locator("#platforms > li").count()).toBe(platforms.length);
  expect(await page.getByText("This looks like your machine").filter({ visible: true }).count()).toBe(names.length);
  await page.context().close();
});

test("without scripts everything is there, and nothing is guessed", async () => {
  const { page } = await look({ javaScriptEnabled: false });
  expect(await page.locator("#platforms h3").allTextContents()).toHaveLength(platforms.length);
  expect(await page.getByText("This looks like your machine").filter({ visible: true }).count()).toBe(0);
  await page.context().close();
});
