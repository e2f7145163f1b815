import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "../commands/list.ts";
import { capturedIo } from "../io/capturedIo.ts";
import { parseArguments } from "../program/parse.ts";
import { ended, planned, settled } from "../testing/sampleRun.ts";
import { startServerRig } from "../testing/serverRig.ts";
import type { ServerRig } from "../testing/serverRig.ts";

let rig: ServerRig;
let run: string;
let token: string;

beforeAll(async () => {
  rig = await startServerRig({ basePath: "/fleet" });
  token = rig.book.createToken({ name: "cli", lastsMs: 60_000, canChange: true });
  const { id, log } = rig.addRun(
    [
      { type: "run-started" },
      planned("review"),
      ended("review"),
      settled("review"),
      { type: "run-settled", outcome: "succeeded", exitCode: 0, durationMs: 10 },
    ],
    { "review/1.stdout": "one\ntwo" },
  );
  await log.flush();
  run = id;
});

afterAll(() => rig[Symbol.asyncDispose]());

/** A command line here and, with `--server`, there; what each printed. */
async function both(words: readonly string[]): Promise<readonly [here: string, there: string]> {
  return [
    await printed([...words, "--runs-dir", rig.runsFolder], {}),
    await printed([...words, "--server", rig.server.url], { CLAUDE_ORCHESTRATOR_TOKEN: token }),
  ];
}

async function printed(words: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const io = capturedIo({ env: { ...rig.io.env, ...env }, cwd: rig.folder });
  const parsed = parseArguments(words, commands);
  if (parsed.kind === "help") throw new Error("no help was asked for");
  await parsed.command.run(parsed.words, parsed.flags, io);
  return io.printed() + io.said();
}

describe("with --server", () => {
  test.each([
    [["show", "latest"]],
    [["show", "latest", "review"]],
    [["show", "latest", "--json"]],
    [["logs", "latest", "review"]],
    [["logs", "latest", "review", "--search", "TW"]],
    [["logs", "latest", "review", "--search", "^t.o$", "--regex"]],
    [["ps", "--json"]],
  ])("%j prints what it prints on the server's own machine", async (words) => {
    const [here, there] = await both(words);
    expect(there.replaceAll(rig.server.url, "")).toBe(here);
  });

  test("the runs are listed, and an attempt's output is followed to its end", async () => {
    const env = { CLAUDE_ORCHESTRATOR_TOKEN: token };
    expect(await printed(["runs", "list", "--server", rig.server.url], env)).toContain(run);
    expect(await printed(["logs", run, "review", "--follow", "--server", rig.server.url], env)).toBe("one\ntwo\n");
  });

  test("what the server refuses is told in its words", async () => {
    const env = { CLAUDE_ORCHESTRATOR_TOKEN: token };
    await expect(printed(["pause", "latest", "--server", rig.server.url], env)).rejects.toMatchObject({
      code: "server-refused",
      message: `${run} has come to its end already`,
    });
    await expect(
      printed(["ps", "--server", rig.server.url], { CLAUDE_ORCHESTRATOR_TOKEN: "cot_no" }),
    ).rejects.toMatchObject({
      code: "server-refused",
      message: "Nobody is signed in",
    });
  });

  test.each([
    ["http://fleet.example.org", { CLAUDE_ORCHESTRATOR_TOKEN: "x" }, "could read the token"],
    ["nonsense", { CLAUDE_ORCHESTRATOR_TOKEN: "x" }, "needs an address"],
    ["http://127.0.0.1:1", {}, "there is none"],
    ["http://127.0.0.1:1", { CLAUDE_ORCHESTRATOR_TOKEN: "x" }, "cannot be asked"],
    ["http://127.0.0.1:1", { CLAUDE_ORCHESTRATOR_TOKEN_FILE: "/nowhere/token" }, "cannot be read"],
  ])("%s %j is refused before a token leaves, or says why", async (server, env, words) => {
    await expect(printed(["ps", "--server", server], env as Record<string, string>)).rejects.toThrow(words);
  });
});
