import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { createWebRig } from "./rig.ts";

/** Seven agents, one after the other for the most part, beside a browser: on a machine with other work that takes its time. */
const patienceMs = 240_000;

await describeInBrowser("the first minutes", (browser) => {
  test(
    "begin with the demo run, and the quickstart's real agents are watched from their start to their result",
    async () => {
      await using web = await createWebRig(browser, { scenario: "demo", realClaude: true });
      cpSync(fileURLToPath(new URL("../../examples", import.meta.url)), web.rig.folder, { recursive: true });
      const page = await web.open("/");
      await page.getByRole("button", { name: "Start the demo run" }).click();
      await page.getByRole("heading", { level: 1, name: "demo" }).waitFor();
      await page
        .getByText(/reading part \d of 5/)
        .first()
        .waitFor();
      const demo = page.url();

      await page.goto(web.address("/new"));
      await page.getByRole("tab", { name: "A file on the server" }).click();
      await page.getByLabel("Path of the file").fill("quickstart.yaml");
      await page.getByText("guess: nothing like it has run here").first().waitFor();
      await page.getByRole("button", { name: "Start run" }).click();
      await page.getByRole("heading", { level: 1, name: "quickstart" }).waitFor();
      await page
        .getByText(/documentation.* work/)
        .first()
        .waitFor();
      await page.getByText("Everything succeeded").waitFor();
      await page.getByText("one price in seventeen").first().waitFor();
      await page.getByRole("tab", { name: "Transcript" }).click();
      await page.getByRole("combobox", { name: "Instance" }).selectOption({ label: "survey (succeeded)" });
      await page.getByText("wc -l").first().waitFor();
      expect(web.rig.exists("quickstart-workspace/REPORT.md")).toBe(true);

      await page.goto(demo);
      await page.getByText("60 tests passed").first().waitFor();
      await page.getByText("src/example.ts:12: unused variable").first().waitFor();
    },
    patienceMs,
  );
});
