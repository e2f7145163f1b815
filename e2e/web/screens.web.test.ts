import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { crowded } from "./crowded.ts";
import { goTo, sideways, spaceText, violations } from "./looks.ts";
import { makeLongRun } from "./longRun.ts";
import { createWebRig, type WebRig } from "./rig.ts";
import { makeSampleRuns, repositoryFiles, sampleFiles, type SampleRuns } from "./sampleRuns.ts";
import { allScreens, plainScreens, type ScreenAddress } from "./screens.ts";

/** What a window of 1280 x 1024 pixels shows at 400 %, with as many points to each of its pixels. */
const zoomed = { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 };
const phone = { width: 320, height: 800 };
const sizes = [...[1440, 1000, 768].map((width) => ({ width, height: 900 })), phone];

const problem = JSON.stringify({
  type: "about:blank",
  title: "Something broke",
  status: 500,
  code: "internal",
  detail: "The disk of the server cannot be read",
  hint: "look at `claude-orchestrator doctor`",
});

const manyLines = JSON.stringify({
  name: "ten thousand lines",
  instances: [{ name: "prints", agent: "command", run: ["seq", "-f", "line %.0f", "10000"] }],
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

/** Whether all of it has room: nothing sticks out, is cut, or lies on something else. */
const roomy: Asked = async (page) => {
  let found: readonly string[] = [];
  // A list of any length measures its rows anew in a window of another size, some frames after it has it.
  for (let time = 0; time < mostLooks; time += 1) {
    found = [...(await sideways(page)), ...(await crowded(page))];
    if (found.length === 0) break;
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
  }
  return found;
};

const mostLooks = 30;

/** At each size, and as narrow as a phone with texts as wide as somebody may need them. */
async function roomyAtEachSize(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  const add = async (when: string): Promise<void> => {
    found.push(...(await roomy(page)).map((each) => `${when}: ${each}`));
  };
  for (const size of sizes) {
    await page.setViewportSize(size);
    await add(`${size.width} px`);
  }
  await spaceText(page, true);
  await add("spaced");
  await spaceText(page, false);
  return found;
}

await describeInBrowser("every screen", (browser) => {
  describe("with runs of every kind", () => {
    let web: WebRig;
    let runs: SampleRuns;
    let screens: readonly ScreenAddress[];

    beforeAll(async () => {
      web = await createWebRig(browser, { files: { ...sampleFiles, ...repositoryFiles, "lines.json": manyLines } });
      runs = await makeSampleRuns(web);
      screens = allScreens(runs);
    });
    afterAll(() => web[Symbol.asyncDispose]());

    const windows = (): Promise<readonly Page[]> => Promise.all([web.open("/"), web.open("/")]);

    test("has no violation that axe finds, in any theme", async () => {
      expect(await look(await windows(), screens, violations)).toEqual({});
    });

    test("has room from 1440 to 320 pixels and for spaced texts: nothing sticks out, is cut or lies on another", async () => {
      expect(await look(await windows(), screens, roomyAtEachSize)).toEqual({});
    });

    test("has room at a zoom of 400 %", async () => {
      const pages = await Promise.all([web.open("/", zoomed), web.open("/", zoomed)]);
      expect(await look(pages, screens, roomy)).toEqual({});
    });

    test("holds ten thousand runs, lines and events, and has no violation then", async () => {
      const long = await makeLongRun(web, runs.release);
      const page = await web.open("/");
      await page.route(/\/api\/runs\?/, async (route) => {
        const answer = (await (await route.fetch()).json()) as { readonly runs: readonly object[] };
        const many = Array.from({ length: 10_000 }, (_, at) => ({ ...answer.runs[0], run: `run_${10 ** 9 + at}` }));
        await route.fulfill({ json: { ...answer, runs: many } });
      });
      const lines = await web.run("lines.json");
      const full: readonly (ScreenAddress & { readonly has: string })[] = [
        { name: "runs", path: "/runs?text=run_10000", has: "run_1000009999" },
        { name: "log", path: `/runs/${lines}?tab=log`, has: "line 10000" },
        { name: "events", path: `/runs/${long}?tab=events&by=each&event=10005`, has: "10005" },
      ];
      for (const { has, ...screen } of full) {
        const ask: Asked = async () => {
          const last = page.getByText(has, { exact: true }).first();
          // Again where the list has only just got longer.
          const goDown = async (): Promise<boolean> => {
            if (screen.name === "runs") await page.getByRole("row").nth(1).press("End");
            return last.isVisible();
          };
          await expect.poll(goDown, { timeout: 60_000 }).toBe(true);
          return [...(await violations(page)), ...(await roomy(page))];
        };
        expect(await look([page], [screen], ask)).toEqual({});
      }
    });

    test("can be read where the server refuses everything, and has no violation then", async () => {
      const pages = await windows();
      const refusal = { status: 500, contentType: "application/problem+json", body: problem };
      for (const page of pages) await page.route(/\/api\/(?!live|session)/, (route) => route.fulfill(refusal));
      expect(await look(pages, screens, violations)).toEqual({});
    });

    test("says that it is not live where the server is gone, and has no violation then", async () => {
      const pages = await windows();
      // What a screen is made of must have come before.
      await Promise.all(pages.map((page) => look([page], screens, () => Promise.resolve([]))));
      web.served().program.signal("SIGKILL");
      await Promise.all(pages.map((page) => page.getByText(/^Not live: as of/).waitFor()));
      expect(await look(pages, screens, violations)).toEqual({});
    });
  });

  test("says what fills it where there is nothing yet, and has no violation then", async () => {
    await using web = await createWebRig(browser);
    const page = await web.open("/");
    expect(await look([page], plainScreens, violations)).toEqual({});
    expect(await look([page], plainScreens, roomyAtEachSize)).toEqual({});
  });
});
