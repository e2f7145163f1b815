import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { press, tabTo, type } from "./keyboard.ts";
import { violations } from "./looks.ts";
import { createWebRig } from "./rig.ts";
import { letGo, makeRepository, repositoryFiles, sampleFiles } from "./sampleRuns.ts";

const typed = `name: typed
instances:
  - { name: only, agent: command, run: [echo, hello] }
`;

await describeInBrowser("what one comes for, by the keyboard alone", (browser) => {
  test("a run is written, planned and started", async () => {
    await using web = await createWebRig(browser);
    const page = await web.open("/");
    await page.getByRole("heading", { level: 1, name: "Now" }).waitFor();
    await type(page, "g", "c");
    await tabTo(page, page.getByRole("textbox", { name: "The file, YAML or JSON" }));
    await page.keyboard.insertText(typed);
    await page.getByText("It can start").waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByRole("heading", { level: 1, name: "typed" }).waitFor();
    await page.getByText("Everything succeeded").waitFor();
  });

  test("a run that a budget stopped goes on once the file allows more", async () => {
    await using web = await createWebRig(browser, { files: sampleFiles });
    const run = await web.run("dear.json");
    const page = await web.open("/");
    await page.getByRole("heading", { level: 1, name: "Now" }).waitFor();
    await type(page, "g", "i");
    await page.getByText("Raise its budget and go on?").waitFor();
    writeFileSync(
      web.rig.path("dear.json"),
      (sampleFiles["dear.json"] ?? "").replace('"cost_usd": 0.1', '"cost_usd": 10'),
    );
    await type(page, "y");
    await page.getByText("Nothing waits for you.").waitFor();
    await page.goto(web.address(`/runs/${run}`));
    await page.getByText("Everything succeeded").waitFor();
  });

  test("lines of a change are commented on, and the comments become the prompt of a new run", async () => {
    await using web = await createWebRig(browser, { files: { ...sampleFiles, ...repositoryFiles } });
    makeRepository(web);
    const run = await web.run("patch.json");
    const page = await web.open(`/runs/${run}`);
    await page.getByText("Everything succeeded").waitFor();
    await type(page, "6");
    await tabTo(page, page.getByRole("group", { name: /^Lines of src\/rates\.js/ }));
    await type(page, "ArrowDown", "ArrowDown", "ArrowDown", "c");
    const field = page.getByRole("textbox", { name: /^Comment on line \d+ of src\/rates\.js$/ });
    await field.waitFor();
    await page.keyboard.insertText("Say why it is this number.");
    await page.keyboard.press("Control+Enter");
    const comment = page.getByText("Say why it is this number.").first();
    await comment.waitFor();
    await press(page, page.getByRole("radio", { name: "Unified" }), "ArrowRight");
    await page.getByRole("columnheader", { name: "Text before" }).first().waitFor({ state: "attached" });
    await comment.waitFor();
    expect(new URL(page.url()).searchParams.get("view")).toBe("split");
    expect(await page.getByRole("row", { name: /removed return days \* 71; .*added return days \* 17;/ }).count()).toBe(
      1,
    );
    await press(page, page.getByRole("button", { name: "Send to an agent" }));
    const dialog = page.getByRole("dialog", { name: "Send your comments on rates" });
    expect(await dialog.getByRole("textbox", { name: "Prompt" }).inputValue()).toContain("Say why it is this number.");
    await press(page, dialog.getByRole("button", { name: "Start the follow-up" }));
    await page.getByRole("heading", { level: 1, name: "follow-up of rates" }).waitFor();
  });

  test("a run without a budget is given one, and it stands there at once", async () => {
    await using web = await createWebRig(browser, { files: sampleFiles });
    const page = await web.open(`/runs/${await web.detach("nightly.json")}`);
    await page.getByText("sweep works").waitFor();
    await press(page, page.getByRole("button", { name: "Set a budget" }));
    await page.getByRole("dialog", { name: "A budget for this run" }).waitFor();
    await page.keyboard.type("2.50");
    await page.keyboard.press("Enter");
    await page.getByText("$0.00 of $2.50").waitFor();
    letGo(web);
    await page.getByText("Everything succeeded").waitFor();
  });

  test("a run is paused, goes on, and what failed in it is tried again", async () => {
    await using web = await createWebRig(browser, { files: sampleFiles });
    const page = await web.open(`/runs/${await web.detach("nightly.json")}`);
    await page.getByText("sweep works").waitFor();
    await press(page, page.getByRole("button", { name: "Pause" }));
    await page.getByText("Paused: nothing more starts").first().waitFor();
    await press(page, page.getByRole("button", { name: "Go on" }));
    await page.getByRole("button", { name: "Pause" }).waitFor();
    letGo(web);
    await page.getByText("Everything succeeded").waitFor();
    await page.goto(web.address(`/runs/${await web.run("release.json")}`));
    await page.getByText("attempt 1").first().waitFor();
    await press(page, page.getByRole("button", { name: "Retry what failed" }));
    await page.getByText("attempt 2").first().waitFor();
  });

  test("a schedule is written with its next times in sight, changed and removed", async () => {
    await using web = await createWebRig(browser, { files: { "nightly.yaml": typed } });
    const page = await web.open("/schedules");
    await press(page, page.getByRole("button", { name: "New schedule" }));
    await tabTo(page, page.getByLabel("Path of the file"));
    await page.keyboard.insertText("nightly.yml");
    await page.getByText("did you mean `nightly.yaml`?").waitFor();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("nightly.yaml");
    await tabTo(page, page.getByLabel("Cron pattern"));
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("0 2 30 2 *");
    await page.getByText("It never comes").waitFor();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("30 4 * * *");
    await expect.poll(() => page.getByText(/, 04:30/).count()).toBe(5);
    await page.getByText("It can be scheduled").waitFor();
    expect(await violations(page, [])).toEqual([]);
    await press(page, page.getByRole("button", { name: "Add schedule" }));
    await press(page, page.getByRole("button", { name: "Change typed" }));
    await tabTo(page, page.getByLabel("Cron pattern"));
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("@weekly");
    await expect.poll(() => page.getByText(/, 00:00/).count()).toBeGreaterThanOrEqual(5);
    await page.getByText("It can be scheduled").waitFor();
    await press(page, page.getByRole("button", { name: "Change it" }));
    await press(page, page.getByRole("dialog").getByRole("button", { name: "Change typed" }));
    await page.getByRole("code").getByText("@weekly", { exact: true }).waitFor();
    const [schedule] = JSON.parse((await web.rig.command(["schedule", "list", "--json"])).stdout) as readonly object[];
    expect(schedule).toMatchObject({ name: "typed", cron: "@weekly", file: web.rig.path("nightly.yaml") });
    await press(page, page.getByRole("button", { name: "Remove typed" }));
    await press(page, page.getByRole("dialog").getByRole("button", { name: "Remove typed" }));
    await page.getByText("No schedule yet").waitFor();
  });
});
