import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { violations } from "./looks.ts";
import { createWebRig } from "./rig.ts";

const program = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));

const file = `{ "variables": { "who": "" },
  "instances": [{ "name": "only", "agent": "command", "run": ["echo", "\${{ variables.who }}"] }]
}`;

await describeInBrowser("a new run", (browser) => {
  test("as JSON is completed, its problems are marked, and the command beside it plans the same with every option", async () => {
    await using web = await createWebRig(browser);
    const page = await web.open("/new");
    const editor = page.getByRole("textbox", { name: "The file, YAML or JSON" });
    await editor.click();
    await page.keyboard.type('{ "insta');
    await page.getByRole("option", { name: "instances" }).click();
    await page.keyboard.type('"agent": "comm", "ru');
    await page.getByRole("option", { name: "run", exact: true }).click();
    await page.keyboard.type('"echo", "name": "only"');
    expect(await editor.innerText()).toBe('{ "instances": [{ "agent": "comm", "run": "echo", "name": "only" }]}');
    await page.getByText("did you mean `command`?").waitFor();
    await page.getByText('"run"', { exact: true }).hover();
    await page
      .getByText(/^Runs a program instead/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Go to line 1:28" }).click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(file);
    await page.getByText("Budget, concurrency, variables").click();
    const options = {
      "Budget in dollars": "2.5",
      "Budget in tokens": "1000",
      "At most so many at once": "3",
      Name: "-o'ne",
      "Folder the agents work in": web.rig.folder,
      "Variables, one NAME=VALUE in each line": "who=a b=$c",
    };
    for (const [label, value] of Object.entries(options)) await page.getByLabel(label, { exact: true }).fill(value);
    await page.getByText("guess: nothing like it has run here").waitFor();
    await page.getByText("It can start").waitFor();
    expect(await violations(page, [])).toEqual([]);
    writeFileSync(web.rig.path("fleet.json"), file);
    const command = await page.getByText(/^claude-orchestrator run fleet\.json/).innerText();
    const planned = spawnSync(
      "sh",
      ["-c", command.replace(/^claude-orchestrator run/, '"$0" "$1" plan --json'), process.execPath, program],
      {
        cwd: web.rig.folder,
        env: { ...web.rig.environment },
        encoding: "utf8",
      },
    );
    const { plan } = JSON.parse(planned.stdout) as { readonly plan: Readonly<Record<string, unknown>> };
    expect(plan).toMatchObject({
      name: "-o'ne",
      concurrency: 3,
      workspace: web.rig.folder,
      limits: [
        { unit: "tokens", limit: 1000 },
        { unit: "cost_usd", limit: 2.5 },
      ],
      instances: [{ name: "only", agent: "command" }],
    });
    expect(JSON.stringify(plan)).toContain("a b=$c");
  });
});
