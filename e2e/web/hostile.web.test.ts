import { expect, test } from "vitest";
import {
  environmentFor,
  initLine,
  resultLine,
  textLine,
  toolResultLine,
  toolUseLine,
} from "@claude-orchestrator/testkit";
import { describeInBrowser } from "./browser.ts";
import { goTo, sideways } from "./looks.ts";
import { createWebRig } from "./rig.ts";
import { repositoryFiles, makeRepository } from "./sampleRuns.ts";
import { allScreens } from "./screens.ts";

const image = '<img src=x onerror="window.hacked=1">';
const script = "<script>window.hacked=1</script>";
const beacon = "![seen](https://beacon.example/?q=1) [click](javascript:window.hacked=1)";
/** A link of a terminal, a text for its clipboard, a new title, colours, and a letter that turns what follows around. */
const escapes =
  "\u001b]8;;javascript:window.hacked=1\u0007link\u001b]8;;\u0007 \u001b]52;c;aGFja2Vk\u0007 \u001b]0;title\u0007 \u001b[31mred\u001b[0m \u202egnp.exe";
const endless = "w".repeat(20_000);
const everything = [image, script, beacon, escapes, endless].join(" ");

const talking = [
  initLine(),
  textLine(everything),
  toolUseLine("Bash", { command: everything, file_path: image }),
  toolResultLine(everything, { isError: true }),
  resultLine(everything, { fields: { is_error: true, subtype: "error_during_execution" } }),
];

const fleet = {
  name: `${image} ${endless.slice(0, 140)}`,
  description: everything,
  workspace: "repository",
  instances: [
    {
      name: "talks",
      description: everything,
      prompt: everything,
      env: { ...environmentFor(talking.map((line) => ({ do: "emit", line }) as const)) },
    },
    { name: "prints", agent: "command", run: ["printf", "%s\n", everything, script, endless] },
    {
      name: "writes",
      agent: "command",
      isolation: "worktree",
      run: [
        "sh",
        "-c",
        `printf '%s' "$EVERYTHING" > '${image.replace("/", "")}.js'; printf '%s\\n' "$EVERYTHING" >> src/rates.js`,
      ],
      env: { EVERYTHING: everything.replaceAll("${", "$ {") },
    },
    {
      name: "a".repeat(60),
      agent: "command",
      run: ["sh", "-c", 'printf "%s" "$EVERYTHING" >&2; exit 3'],
      env: { EVERYTHING: everything },
    },
  ],
};

await describeInBrowser("what agents print and what others have named", (browser) => {
  test("is shown as text on every screen: nothing of it runs, is loaded, or breaks the layout", async () => {
    await using web = await createWebRig(browser, { config: fleet, files: repositoryFiles });
    makeRepository(web);
    const run = await web.run("fleet.json");
    const page = await web.open("/");
    const elsewhere: string[] = [];
    const own = new URL(web.served().url).origin;
    page.on("request", (request) => {
      if (!request.url().startsWith(own)) elsewhere.push(request.url());
    });
    page.on("dialog", (dialog) => elsewhere.push(dialog.message()));
    const broken: Record<string, readonly string[]> = {};
    const screens = allScreens({ review: run, release: run, dear: run, patch: run, nightly: run });
    const instances = ["talks", "prints", "writes", "a".repeat(60)].flatMap((instance) =>
      ["log", "transcript", "changes"].map((tab) => `/runs/${run}?tab=${tab}&instance=${instance}`),
    );
    for (const path of [...screens.map((screen) => screen.path), ...instances]) {
      await goTo(page, path);
      for (const width of [1440, 320]) {
        await page.setViewportSize({ width, height: 800 });
        const found = await sideways(page);
        if (found.length > 0) broken[`${path} at ${width}`] = found;
      }
    }
    await goTo(page, `/runs/${run}?tab=log&instance=prints`);
    await page.getByText(script).first().waitFor();
    expect(await page.locator('img, script:not([src]), iframe, a[href^="javascript:"]').count()).toBe(0);
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect({ elsewhere, broken }).toEqual({ elsewhere: [], broken: {} });
  });
});
