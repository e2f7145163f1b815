import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { installFakeAgent } from "@claude-orchestrator/testkit";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { claudePath, createRig, type Rig, type RigOptions } from "../rig.ts";
import type { RunningProgram } from "../support/program.ts";

/** The built program's server, as it runs now. */
export interface Served {
  readonly program: RunningProgram;
  readonly url: string;
  readonly port: number;
  /** Signs one browser in, once. */
  readonly link: string;
}

export interface WebRigOptions extends Omit<RigOptions, "env"> {
  /** After `serve --no-open --json`. */
  readonly serve?: readonly string[];
  /** The pinned Claude Code instead of the fake agent: what it asks its model, the stand-in answers. */
  readonly realClaude?: boolean;
}

/**
 * A folder with a server of its own, and windows of a browser that look at it. Disposing of it checks that no window met an error of
 * the page or something that its content security policy forbids, ends what still runs, and checks what the rig below checks.
 */
export interface WebRig extends AsyncDisposable {
  readonly rig: Rig;
  readonly served: () => Served;
  /** Starts the server anew at the port that it had. */
  serveAgain(): Promise<void>;
  /** A browser of another person or on another machine, that nobody has signed in. */
  stranger(options?: BrowserContextOptions): Promise<Page>;
  /** A window of a browser that is signed in, at a path of the page. */
  open(path?: string, options?: BrowserContextOptions): Promise<Page>;
  address(path: string): string;
  /** Runs a file of the rig's folder to its end, and gives the run's id. */
  run(file: string, args?: readonly string[]): Promise<string>;
  /** The same, in the background: it goes on when this settles. */
  detach(file: string): Promise<string>;
}

type Announced = Pick<Served, "url"> & { readonly sign_in: string };

export async function createWebRig(browser: Browser, options: WebRigOptions = {}): Promise<WebRig> {
  const bin = mkdtempSync(join(tmpdir(), "orchestrator-fake-"));
  if (options.realClaude === true) symlinkSync(claudePath, join(bin, "claude"));
  else installFakeAgent(bin);
  const path = [bin, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
  const rig = await createRig({ ...options, env: { PATH: path } });
  const contexts: BrowserContext[] = [];
  const troubles: string[] = [];
  let served = await serve(rig, options.serve ?? []);
  let session: ReturnType<BrowserContext["storageState"]> | undefined;

  const context = async (wish: BrowserContextOptions): Promise<BrowserContext> => {
    const made = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...wish });
    made.setDefaultTimeout(60_000);
    made.on("weberror", (error) => troubles.push(String(error.error())));
    made.on("console", (message) => {
      if (/content security policy/i.test(message.text())) troubles.push(message.text());
    });
    contexts.push(made);
    return made;
  };
  const web: WebRig = {
    rig,
    served: () => served,
    address: (at) => new URL(at.replace(/^\//, ""), served.url).href,
    async serveAgain() {
      served = await serve(rig, [...(options.serve ?? []), "--port", String(served.port)]);
    },
    async stranger(wish = {}) {
      return (await context(wish)).newPage();
    },
    async open(at = "/", wish = {}) {
      session ??= context({}).then((own) => signedIn(own, served));
      const page = await (await context({ storageState: await session, ...wish })).newPage();
      await page.goto(web.address(at));
      return page;
    },
    async run(file, args = []) {
      const outcome = await rig.command(["run", file, "--json", ...args]);
      const created = outcome.events.find(({ type }) => type === "run-created");
      if (created?.type !== "run-created") throw new Error(outcome.stderr);
      return created.id;
    },
    async detach(file) {
      const { stdout, stderr } = await rig.command(["run", file, "--detach", "--json"]);
      if (stdout === "") throw new Error(stderr);
      return (JSON.parse(stdout) as { readonly run: string }).run;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(contexts.map((each) => each.close()));
      const open = rig.runs().filter((directory) => !existsSync(join(directory, "result.json")));
      for (const directory of open) await rig.command(["stop", basename(directory), "--force"]);
      await rig[Symbol.asyncDispose]();
      rmSync(bin, { recursive: true, force: true });
      expect(troubles).toEqual([]);
    },
  };
  return web;
}

async function serve(rig: Rig, words: readonly string[]): Promise<Served> {
  const program = rig.begin(["serve", "--no-open", "--json", ...words]);
  const said: unknown = await program.event((event) => "sign_in" in event);
  const { url, sign_in: link } = said as Announced;
  return { program, url, link, port: Number(new URL(link).port) };
}

async function signedIn(context: BrowserContext, { link, url }: Served): ReturnType<BrowserContext["storageState"]> {
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForURL(url);
  await page.getByText("Live", { exact: true }).waitFor();
  return context.storageState();
}
