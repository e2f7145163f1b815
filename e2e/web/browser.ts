import { afterAll, describe } from "vitest";
import type { Browser } from "playwright-core";
import { startBrowser } from "./startBrowser.ts";

/**
 * Tests that need a browser: one for all of them, closed at the end. Where none starts they are skipped, and it is said; where
 * `CI` is set they fail, so that nobody takes what was not looked at for proved.
 */
export async function describeInBrowser(title: string, tests: (browser: Browser) => void): Promise<void> {
  const browser = await startedFor(title);
  describe.skipIf(browser === undefined)(`in a browser: ${title}`, () => {
    afterAll(() => browser?.close());
    tests(browser ?? missing);
  });
}

async function startedFor(title: string): Promise<Browser | undefined> {
  try {
    return await startBrowser();
  } catch (error) {
    if (process.env["CI"] !== undefined) throw error;
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    console.warn(`Skipped: ${title}: no browser starts on this machine: ${why}`);
    return undefined;
  }
}

/** Handed to tests that are only counted. */
const missing = {} as Browser;
