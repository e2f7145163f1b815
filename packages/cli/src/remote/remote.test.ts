import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "../commands/list.ts";
import { capturedIo } from "../io/capturedIo.ts";
import { parseArguments } from "../program/parse.ts";
import { ended, planned, settled } from "../testing/sampleRun.ts";
import { startServerRig } from "../testing/serverRig.ts";
import type { ServerRig } from "../testing/serverRig.ts";

const fleet = `name: fleet
budget: { cost_usd: 1 }
variables: { word: hi }
instances:
  - { name: one, agent: command, run: [echo, "\${{ variables.word }}"] }
  - { name: two, agent: command, run: [echo, two], needs: [one] }
`;

let rig: ServerRig;
let run: string;
let token: string;

beforeAll(async () => {
  rig = await startServerRig({ basePath: "/fleet" });
  writeFileSync(join(rig.folder, "fleet.yaml"), fleet);
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
    [["plan", "fleet.yaml", "--only", "one", "--var", "word=hello", "--budget-usd", "2", "--forecast"]],
    [["plan", "fleet.yaml", "--forecast", "--json"]],
    [["forecast", "check"]],
    [["forecast", "check", "--json"]],
  ])("%j prints what it prints on the server's own machine", async (words) => {
    const [here, there] = await both(words);
    // Whoever plans there cannot start it with the same words.
    expect(there.replaceAll(rig.server.url, "")).toBe(here.replace(/(Nothing was started): .*/, "$1"));
  });

  test("the runs are listed, and an attempt's output is followed to its end", async () => {
    const env = { CLAUDE_ORCHESTRATOR_TOKEN: token };
    expect(await printed(["runs", "list", "--server", rig.server.url], env)).toContain(run);
    expect(await printed(["logs", run, "review", "--follow", "--server", rig.server.url], env)).toBe("one\ntwo\n");
  });

  test("a schedule is added, listed, paused and removed there, also of a file that is only here", async () => {
    const there = (...words: readonly string[]): Promise<string> =>
      printed([...words, "--server", rig.server.url], { CLAUDE_ORCHESTRATOR_TOKEN: token });
    const when = ["--cron", "0 2 * * *", "--tz", "UTC"];
    const added = await there("schedule", "add", "fleet.yaml", ...when, "--missed", "all");
    expect(added).toMatch(/^fleet: next \d{4}-\d\d-\d\d 02:00 \+00:00, .*\(UTC\)\nmissed: all, overlap: skip$/);
    const file = join(rig.folder, "broken.yaml");
    writeFileSync(file, fleet.replace("needs", "neds"));
    await expect(there("schedule", "add", file, ...when, "--paste")).rejects.toThrow(/6:52: [\s\S]*hint: did you mean/);
    writeFileSync(file, fleet);
    await there("schedule", "add", file, ...when, "--paste", "--name", "mine");
    expect(await there("schedule", "pause", "mine")).toBe("mine is paused");
    expect(await there("schedule", "list")).toMatch(/fleet .*02:00[\s\S]*mine .*paused/);
    expect(await there("schedule", "remove", "mine")).toBe("mine is removed");
    expect(JSON.parse(await there("schedule", "list", "--json"))).toMatchObject([{ name: "fleet", zone: "UTC" }]);
  });

  test("a plan is refused what a server cannot be asked, and says each place of a file with problems", async () => {
    const env = { CLAUDE_ORCHESTRATOR_TOKEN: token };
    const ask = (...words: readonly string[]) => printed(["plan", ...words, "--server", rig.server.url], env);
    await expect(ask("fleet.yaml", "--model", "haiku")).rejects.toThrow("`--model` cannot be asked of a server");
    await expect(ask()).rejects.toThrow("takes one file");
    writeFileSync(join(rig.folder, "broken.yaml"), fleet.replace("needs", "neds"));
    await expect(ask("broken.yaml")).rejects.toThrow(/1 problem[\s\S]*6:52: [\s\S]*hint: did you mean `needs`/);
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
