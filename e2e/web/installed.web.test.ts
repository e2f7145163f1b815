import { expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { createWebRig } from "./rig.ts";

await describeInBrowser("a page that is installed", (browser) => {
  test("is what Chromium installs: nothing is missing from its manifest, and each icon is what it says", async () => {
    await using web = await createWebRig(browser);
    const page = await web.open("/");
    await page.getByText("Live", { exact: true }).waitFor();
    const devtools = await page.context().newCDPSession(page);
    const { errors, data } = await devtools.send("Page.getAppManifest");
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    // A window of its own for this test is one that keeps nothing: that alone keeps it from being installed.
    const missing = installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito");
    expect({ errors, missing }).toEqual({ errors: [], missing: [] });
    const { icons } = JSON.parse(data ?? "{}") as { readonly icons: readonly { src: string; sizes: string }[] };
    const drawn = await page.evaluate(
      async (all) => {
        const sizes: string[] = [];
        for (const { src } of all) {
          const image = new Image();
          image.src = new URL(src, document.baseURI).href;
          await image.decode();
          sizes.push(`${image.naturalWidth}x${image.naturalHeight}`);
        }
        return sizes;
      },
      icons.filter(({ sizes }) => sizes !== "any"),
    );
    expect(drawn).toEqual(["192x192", "512x512", "512x512"]);
  });

  test("opens without its server with what it was told last, says from when that is, and does not count on", async () => {
    const works = { name: "sweep", agent: "command", run: "until [ -e go ]; do sleep 0.1; done" };
    await using web = await createWebRig(browser, { config: { name: "sweeping", instances: [works] } });
    await web.detach("fleet.json");
    const page = await web.open("/runs");
    const row = page.getByRole("row", { name: "sweeping" });
    await row.waitFor();
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      // What is told is written down by and by.
      while (localStorage.getItem("last-runs")?.includes("sweeping") !== true) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const cache = await caches.open("shell");
      while ((await cache.match(new URL("index.html", document.baseURI).href)) === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    web.served().program.signal("SIGKILL");
    await web.served().program.ended;
    const again = await page.context().newPage();
    await page.close();
    await again.goto(web.address("/runs"));
    await again.getByText(/^Not live: as of \d\d:\d\d:\d\d$/).waitFor();
    await again.getByText(/^The server does not answer. This is how it was on /).waitFor();
    const kept = again.getByRole("row", { name: "sweeping" });
    await kept.waitFor();
    const lasted = kept.getByRole("cell").last();
    const before = await lasted.textContent();
    expect(await again.getByText("Live", { exact: true }).count()).toBe(0);
    // The page's own clock goes on by a minute: what it shows does not.
    await again.clock.install();
    await again.clock.fastForward(60_000);
    expect(await lasted.textContent()).toBe(before);
    await web.serveAgain();
    await again.clock.fastForward(60_000);
    await again.getByText("Live", { exact: true }).waitFor();
  });
});
