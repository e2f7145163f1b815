import { expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { createWebRig } from "./rig.ts";

await describeInBrowser("signing in", (browser) => {
  test("the link that the server prints signs a browser in, once", async () => {
    await using web = await createWebRig(browser);
    const { link, url } = web.served();
    const page = await web.stranger();
    await page.goto(link);
    await page.waitForURL(url);
    await page.getByRole("heading", { level: 1, name: "Now" }).waitFor();
    const other = await web.stranger();
    await other.goto(link);
    await other.getByText("It was used already").waitFor();
    await other.goto(url);
    await other.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  });

  test("a link, a code or a token that is pasted signs in, and what is none is refused in words", async () => {
    await using web = await createWebRig(browser);
    const { link, url } = web.served();
    const token = await web.rig.command(["tokens", "create", "ci", "--json"]);
    const secret = /cot_[\w-]+/.exec(token.stdout)?.[0] ?? "";
    for (const pasted of [link, secret]) {
      const page = await web.stranger();
      await page.goto(url);
      const field = page.getByLabel("Link, code or token");
      await field.fill("not-a-code");
      await field.press("Enter");
      await page.getByRole("alert").waitFor();
      await field.fill(pasted);
      await field.press("Enter");
      await page.getByRole("heading", { level: 1, name: "Now" }).waitFor();
    }
  });

  test("whoever is signed out is told so, and a deep link is kept for when they are in again", async () => {
    await using web = await createWebRig(browser);
    const page = await web.open("/runs?status=failed");
    await page.getByRole("heading", { level: 1, name: "Runs" }).waitFor();
    await page.context().clearCookies();
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    const { stdout } = await web.rig.command(["sign-in", "--port", String(web.served().port)]);
    await page.getByLabel("Link, code or token").fill(stdout.trim());
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { level: 1, name: "Runs" }).waitFor();
    expect(new URL(page.url()).search).toBe("?status=failed");
  });
});
