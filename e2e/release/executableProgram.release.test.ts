import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { killSupervisor, until, type DetachedRun, type OpenRun } from "../support/detached.ts";
import { processesWith, processThat } from "../support/leftovers.ts";
import {
  canMount,
  hasCompiler,
  makeExecutable,
  makeHome,
  makingMs,
  start,
  withMount,
  type Home,
} from "./executableRig.ts";

const short = `name: short
instances:
  - { name: first, agent: command, run: "echo hello" }
  - { name: second, agent: command, needs: [first], run: "echo and goodbye" }
`;
const long = `name: long
instances:
  - { name: slow, agent: command, run: "echo waiting; sleep 300" }
`;

describe.skipIf(!hasCompiler)("the program in an executable", () => {
  let output: string, executable: string, home: Home;

  beforeAll(() => {
    output = mkdtempSync(join(tmpdir(), "orchestrator executable "));
    executable = makeExecutable(output);
  }, makingMs);

  afterAll(() => rmSync(output, { recursive: true, force: true }));

  beforeEach(() => {
    home = makeHome();
    writeFileSync(join(home.path, "short.yaml"), short);
    writeFileSync(join(home.path, "long.yaml"), long);
  });

  afterEach(() => {
    for (const { pid } of processesWith(home.path)) process.kill(pid, "SIGKILL");
    home[Symbol.dispose]();
  });

  const begin = (...words: readonly string[]) => start([executable, ...words], home.path);
  const ask = (...words: readonly string[]) => begin(...words).ended;
  const openRuns = async () => JSON.parse((await ask("ps", "--json")).out) as readonly OpenRun[];
  const detach = async (env: Readonly<Record<string, string>> = {}) => {
    const argv = [executable, "run", "long.yaml", "--detach", "--json"];
    return JSON.parse((await start(argv, home.path, { env }).ended).out) as DetachedRun;
  };

  test("says how it was installed, and looks at the machine", async () => {
    const { out } = await ask("--version", "--verbose");
    expect(out.split("\n")[1]).toBe(`installed as executable: ${executable}`);
    expect(JSON.parse((await ask("doctor", "--json")).out)).toBeTypeOf("object");
  });

  test("tells what is inside it: the Node it runs on, the launcher's parts, the program's packages, and their licences", async () => {
    const { components } = JSON.parse((await ask("sbom")).out) as {
      readonly components: readonly {
        readonly name: string;
        readonly version: string;
        readonly components?: readonly { readonly name: string }[];
      }[];
    };
    const names = components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["commander", "react", "node", "blake3", "glibc", "libgcc", "zstd"]));
    const node = components.find(({ name }) => name === "node");
    expect(node?.version).toBe(process.versions.node);
    expect(node?.components?.map(({ name }) => name)).toEqual(expect.arrayContaining(["openssl", "sqlite", "v8"]));
    const texts = (await ask("sbom", "--licenses")).out;
    expect(texts).toContain(`node ${process.versions.node} (MIT)`);
    expect(texts).toContain("- OpenSSL, located at deps/openssl, is licensed as follows:");
  });

  test("runs instances to their end", async () => {
    expect(await ask("run", "short.yaml", "--quiet")).toMatchObject({ code: 0 });
    const { out } = await ask("show", "latest", "--json");
    expect(JSON.parse(out)).toMatchObject({ status: "succeeded" });
  });

  test("supervises without a terminal, is found, and is stopped", async () => {
    const { run } = await detach();
    expect((await openRuns()).map((each) => [each.run, each.status])).toEqual([[run, "running"]]);
    expect(await ask("stop", run)).toMatchObject({ code: 0 });
    await until(async () => ((await openRuns()).length === 0 ? true : undefined));
  });

  test("killed, it leaves no agent behind: its reaper is started by the same executable, from the same cache", async () => {
    const run = await detach({ CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep" });
    const { pid } = await processThat(({ command }) => command.startsWith("sleep 300"), run.run);
    expect(processesWith(run.run).map((each) => each.pid)).toContain(pid);
    await killSupervisor(run);
    await until(() => (processesWith(`CLAUDE_ORCHESTRATOR_ATTEMPT_${run.run}`).length === 0 ? true : undefined));
    expect(existsSync(join(home.path, "tmp", `claude-orchestrator-${process.getuid?.()}`))).toBe(false);
  });

  test("serves the page and what it loads", async () => {
    const { child, ended } = begin("serve", "--json", "--port", "0");
    const address = await until(async () => {
      const { code, out } = await ask("sign-in");
      return code === 0 ? /http:\/\/\S+?\//.exec(out)?.[0] : undefined;
    });
    const page = await (await fetch(address)).text();
    const [, asset = ""] = /src="\/?([^"]+\.js)"/.exec(page) ?? [];
    const loaded = await fetch(new URL(asset, address));
    expect([loaded.status, loaded.headers.get("content-type")]).toEqual([200, expect.stringContaining("javascript")]);
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: 0 });
  });

  test.skipIf(!canMount)("from memory it starts its children as well", async () => {
    const cache = join(home.path, "cache");
    const script = `mkdir '${cache}' && mount -t tmpfs -o noexec none '${cache}' && export CLAUDE_ORCHESTRATOR_CACHE_DIR='${cache}' &&
      "$0" run long.yaml --detach --quiet && "$0" stop latest && "$0" show latest --json`;
    const { code, out, talk } = await start(withMount(`true`, ["sh", "-c", script, executable]), home.path).ended;
    expect({ code, talk }).toEqual({ code: 0, talk: expect.stringContaining("starts from memory") });
    expect(out).toContain('"status": "stopped"');
  });
});
