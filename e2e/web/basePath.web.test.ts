import { createServer, request } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { type } from "./keyboard.ts";
import { createWebRig } from "./rig.ts";

interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** Where it asks, once that is known. */
  pointTo(port: number): void;
  /** Paths it was asked for that are not below `/fleet/`. */
  readonly astray: readonly string[];
}

/** The least reverse proxy: what is below `/fleet/` is passed on as it is, the rest is somebody else's. */
async function startProxy(): Promise<Proxy> {
  const astray: string[] = [];
  let upstream = 0;
  const server: Server = createServer((incoming, outgoing) => {
    const { url: path = "", method, headers } = incoming;
    if (!path.startsWith("/fleet/")) {
      astray.push(path);
      outgoing.writeHead(404).end();
      return;
    }
    const passed = request({ host: "127.0.0.1", port: upstream, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    outgoing.on("close", () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    pointTo: (port) => (upstream = port),
    astray,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

await describeInBrowser("behind a reverse proxy, below a path of its own", (browser) => {
  test("the page, its links, its keys and its stream work, and nothing is asked for outside of that path", async () => {
    await using proxy = await startProxy();
    const address = `http://localhost:${proxy.port}/fleet`;
    const words = ["--public-url", address, "--base-path", "/fleet", "--trusted-proxy", "127.0.0.1"];
    await using web = await createWebRig(browser, { serve: words });
    proxy.pointTo(portOf(web.rig.environment["HOME"] ?? ""));
    const page = await web.open("/");
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Schedules" }).click();
    await page.getByRole("heading", { level: 1, name: "Schedules" }).waitFor();
    await type(page, "g", "n");
    await page.getByRole("button", { name: "Start the demo run" }).click();
    await page.getByRole("heading", { level: 1, name: "demo" }).waitFor();
    await page.getByText("look works").waitFor();
    await page.reload();
    await page.getByText("look works").waitFor();
    expect(page.url()).toMatch(new RegExp(`^${address}/runs/run_`));
    expect(proxy.astray.filter((path) => path !== "/favicon.ico")).toEqual([]);
  });
});

/** The port the server has: what it prints is the proxy's. */
function portOf(home: string): number {
  const records = readdirSync(home, { recursive: true, encoding: "utf8" });
  const port = records.map((path) => /running\/(\d+)\.json$/.exec(path)?.[1]).find((found) => found !== undefined);
  return Number(port);
}
