import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { goTo } from "./looks.ts";
import { createWebRig } from "./rig.ts";
import { makeSampleRuns, repositoryFiles, sampleFiles } from "./sampleRuns.ts";
import { allScreens } from "./screens.ts";

const folder = process.env["SCREENSHOTS"] ?? fileURLToPath(new URL("../../docs/screenshots", import.meta.url));

/** Those that somebody looks at on a phone. */
const onPhones = ["now", "runs", "inbox", "run-overview", "run-log"];
/** Those where colours tell most. */
const inTheDark = [
  "now",
  "runs",
  "inbox",
  "new",
  "costs",
  "run-overview",
  "run-timeline",
  "run-graph",
  "run-log",
  "run-changes",
];
const wide = { width: 1440, height: 900 };
const widths = [
  { size: wide, scheme: "light", only: undefined },
  { size: wide, scheme: "dark", only: inTheDark },
  { size: { width: 320, height: 700 }, scheme: "light", only: onPhones },
] as const;

await describeInBrowser("pictures", (browser) => {
  test("of every screen, with the same runs each time", async () => {
    await using web = await createWebRig(browser, { files: { ...sampleFiles, ...repositoryFiles } });
    const screens = allScreens(await makeSampleRuns(web));
    mkdirSync(folder, { recursive: true });
    for (const { size, scheme, only } of widths) {
      const page = await web.open("/", { viewport: size, colorScheme: scheme });
      for (const { name, path } of screens) {
        if (only?.includes(name) === false) continue;
        await goTo(page, path);
        await page.mouse.move(0, 0);
        await page.screenshot({ path: join(folder, `${name}-${size.width}-${scheme}.png`) });
      }
      await page.context().close();
    }
  });
});
