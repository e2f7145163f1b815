import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { goTo, sideways, violations } from "./looks.ts";
import { createWebRig, type WebRig } from "./rig.ts";
import { makeSampleRuns, repositoryFiles, sampleFiles, type SampleRuns } from "./sampleRuns.ts";
import { allScreens, plainScreens, type ScreenAddress } from "./screens.ts";

/** A window of 1280 x 1024 pixels at 400 %. */
const zoomed = { width: 320, height: 256 };
const phone = { width: 320, height: 800 };

const problem = JSON.stringify({
  type: "about:blank",
  title: "Something broke",
  status: 500,
  code: "internal",
  detail: "The disk of the server cannot be read",
  hint: "look at `claude-orchestrator doctor`",
});

type Looks = Readonly<Record<string, readonly string[]>>;

type Asked = (page: Page) => Promise<readonly string[]>;

/** What is wrong by screen; nothing where nothing is. The windows share the screens: each takes the next. */
async function look(pages: readonly Page[], screens: readonly ScreenAddress[], ask: Asked): Promise<Looks> {
  const found: Record<string, readonly string[]> = {};
  const left = screens.values();
  const goThrough = async (page: Page): Promise<void> => {
    for (const { name, path } of left) {
      const wrong = await goTo(page, path).then(
        () => ask(page),
        (error: unknown) => [`it is loading for ever: ${String(error)}`],
      );
      if (wrong.length > 0) found[name] = wrong;
    }
  };
  await Promise.all(pages.map(goThrough));
  return found;
}

/** At both sizes. */
async function sidewaysWhenSmall(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const size of [phone, zoomed]) {
    await page.setViewportSize(size);
    found.push(...(await sideways(page)));
  }
  return found;
}

const inLight: Asked = (page) => violations(page, []);

await describeInBrowser("every screen", (browser) => {
  describe("with runs of every kind", () => {
    let web: WebRig;
    let runs: SampleRuns;
    let screens: readonly ScreenAddress[];

    beforeAll(async () => {
      web = await createWebRig(browser, { files: { ...sampleFiles, ...repositoryFiles } });
      runs = await makeSampleRuns(web);
      screens = allScreens(runs);
    });
    afterAll(() => web[Symbol.asyncDispose]());

    const windows = (): Promise<readonly Page[]> => Promise.all([web.open("/"), web.open("/")]);

    test("has no violation that axe finds, in any theme", async () => {
      expect(await look(await windows(), screens, violations)).toEqual({});
    });

    test("fits 320 pixels and a zoom of 400 %: nothing scrolls sideways", async () => {
      expect(await look(await windows(), screens, sidewaysWhenSmall)).toEqual({});
    });

    test("can be read where the server refuses everything, and has no violation then", async () => {
      const pages = await windows();
      const refusal = { status: 500, contentType: "application/problem+json", body: problem };
      for (const page of pages) await page.route(/\/api\/(?!live|session)/, (route) => route.fulfill(refusal));
      expect(await look(pages, screens, inLight)).toEqual({});
    });

    test("says that it is not live where the server is gone, and has no violation then", async () => {
      const pages = await windows();
      // What a screen is made of must have come before.
      await Promise.all(pages.map((page) => look([page], screens, () => Promise.resolve([]))));
      web.served().program.signal("SIGKILL");
      await Promise.all(pages.map((page) => page.getByText(/^Not live: as of/).waitFor()));
      expect(await look(pages, screens, inLight)).toEqual({});
    });
  });

  test("says what fills it where there is nothing yet, and has no violation then", async () => {
    await using web = await createWebRig(browser);
    const page = await web.open("/");
    expect(await look([page], plainScreens, violations)).toEqual({});
    expect(await look([page], plainScreens, sidewaysWhenSmall)).toEqual({});
  });
});
