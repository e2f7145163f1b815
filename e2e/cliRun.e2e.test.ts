import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { claudePath, createRig } from "./rig.ts";
import { expectSoundRun } from "./support/invariants.ts";
import { programPath } from "./support/program.ts";

const fleet = `name: small
instances:
  - { name: good, agent: command, run: [printf, "line one\\nline two\\n"] }
  - { name: bad, agent: command, run: "echo trouble >&2; exit 3" }
  - { name: after, agent: command, run: [echo, never], needs: bad }
  - { name: checked, agent: command, run: [sh, -c, "echo 42 > answer.txt"], success_when: [{ file: answer.txt, pattern: "^42$", flags: m }, workspace_changed] }
  - { name: "each", agent: command, run: [echo, "\${{ matrix.os }}"], matrix: { os: [linux, darwin] } }
  - { name: tolerated, agent: command, run: [sh, -c, exit 1], continue_on_failure: true }
`;

const verdicts = {
  good: "succeeded",
  bad: "failed",
  after: "skipped",
  checked: "succeeded",
  "each (os=linux)": "succeeded",
  "each (os=darwin)": "succeeded",
  tolerated: "failed",
};

test("a run tells the same by --json, by result.json and by its reports, each in its own form", async () => {
  await using rig = await createRig({ config: fleet });
  const program = rig.begin(["run", "fleet.yaml", "--json", "--junit", "junit.xml", "--markdown", "report.md"]);
  const run = await rig.finish(program);
  expect({ exitCode: run.exitCode, verdicts: run.verdicts }).toEqual({ exitCode: 1, verdicts });
  expect(run.instance("checked").verification).toBe("verified");
  expect(run.instance("good").result).toBe("line one\nline two");

  const lines = run.stdout.split("\n").slice(0, -1);
  expect(lines.map((line) => (JSON.parse(line) as { readonly seq: number }).seq)).toEqual(
    lines.map((_line, at) => at + 1),
  );

  const schema = JSON.parse((await rig.command(["schema", "--result"])).stdout) as object;
  const fits = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  expect({ fits: fits(run.result), errors: fits.errors }).toEqual({ fits: true, errors: null });
  expect(JSON.parse((await rig.command(["show", "latest", "--json"])).stdout)).toEqual(run.result);

  const junit = rig.read("junit.xml");
  expect(junit).toContain("<testsuite");
  expect([...junit.matchAll(/<testcase /g)]).toHaveLength(7);
  expect(rig.read("report.md")).toContain("| bad |");
});

test("an answer is held against a JSON Schema of either draft by the built program, and against a pattern", async () => {
  const schema = (draft: string) => ({
    json_schema: {
      $schema: draft,
      type: "object",
      properties: { n: { type: "integer" } },
      required: ["n"],
    },
  });
  const [older, newer] = [
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2020-12/schema",
  ].map(schema);
  const answer = (text: string, ...asked: unknown[]) => ({ run: ["printf", text], success_when: asked });
  await using rig = await createRig({
    config: {
      instances: [
        { name: "fits", ...answer('{"n": 1}', older, newer, { pattern: "n" }) },
        { name: "older", ...answer('{"n": "one"}', older) },
        { name: "newer", ...answer("no json", newer) },
      ],
    },
  });
  const run = await rig.run();
  expect(["fits", "older", "newer"].map((name) => run.instance(name).verification)).toEqual([
    "verified",
    "refuted",
    "refuted",
  ]);
});

test("in GitHub Actions failures become annotations, and the report the summary of the step", async () => {
  await using rig = await createRig({ config: fleet, files: { "summary.md": "before\n" } });
  const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: rig.path("summary.md") };
  const { stderr } = await rig.command(["run", "fleet.yaml"], { env });
  expect(stderr).toMatch(/^::error .*bad/m);
  expect(rig.read("summary.md")).toMatch(/^before\n[^]*\| bad \|/);
});

test("runs are kept out of version control, or where the person wants them", async () => {
  await using rig = await createRig({ config: fleet });
  await rig.command(["run", "fleet.yaml", "--quiet", "--only", "good"]);
  expect(rig.read(".orchestrator/.gitignore")).toBe("*\n");
  const elsewhere = ["--runs-dir", rig.path("kept here")];
  await rig.command(["run", "fleet.yaml", "--quiet", "--only", "good", ...elsewhere]);
  expect(rig.runs()).toHaveLength(1);
  const listed = await rig.command(["runs", "list", "--json", ...elsewhere]);
  const named = await rig.command(["runs", "list", "--json"], {
    env: { CLAUDE_ORCHESTRATOR_RUNS: rig.path("kept here") },
  });
  expect(JSON.parse(listed.stdout)).toMatchObject([{ status: "succeeded" }]);
  expect(named.stdout).toBe(listed.stdout);
});

test("a secret that stands in the file is in no event and in no file but the agent's own output", async () => {
  const secret = "a-secret-in-the-file";
  await using rig = await createRig({
    config: { instances: [{ name: "a", run: ["sh", "-c", 'echo "it is $MY_TOKEN"'], env: { MY_TOKEN: secret } }] },
  });
  const run = await rig.run();
  expect(run.rawOutput("a")).toBe(`it is ${secret}\n`);
  expect(run.instance("a").result).toBe("it is [MY_TOKEN]");
  expect(run.stdout + run.stderr).not.toContain(secret);
  expectSoundRun(run.directory, secret);
});

test("a program that is not there is named, and its fleet goes on", async () => {
  await using rig = await createRig({
    config: "instances:\n  - { name: lost, run: [nosuchprogram, --help] }\n  - { name: fine, run: [echo, hello] }\n",
  });
  const run = await rig.run();
  expect(run.verdicts).toEqual({ lost: "failed", fine: "succeeded" });
  expect(run.reasons["lost"]).toMatch(/^`nosuchprogram` could not be started: there is no such program.*\(ENOENT\)$/);
});

test("no more instances run at once than concurrency says, the urgent ones first", async () => {
  const instances = Array.from(
    { length: 8 },
    (_each, at) => `  - { name: i${at}, agent: command, run: [sleep, "0.1"], priority: ${at} }\n`,
  );
  await using rig = await createRig({ config: `concurrency: 3\ninstances:\n${instances.join("")}` });
  const { events, exitCode } = await rig.run();
  let running = 0;
  const counts = events.map(({ type }) => {
    if (type === "attempt-planned") running += 1;
    if (type === "attempt-ended") running -= 1;
    return running;
  });
  expect({ exitCode, most: Math.max(...counts), left: running }).toEqual({ exitCode: 0, most: 3, left: 0 });
  const started = events.flatMap((event) => (event.type === "attempt-planned" ? [event.instance] : []));
  expect(started).toEqual(["i7", "i6", "i5", "i4", "i3", "i2", "i1", "i0"]);
});

describe("what a person sees without a terminal", () => {
  test("is a line per change on standard error, and the summary on standard output", async () => {
    await using rig = await createRig({ config: fleet });
    const { exitCode, stdout, stderr } = await rig.command(["run", "fleet.yaml"]);
    expect(exitCode).toBe(1);
    for (const words of ["good", "skipped", "trouble", "line one", "show run_"]) expect(stdout).toContain(words);
    expect(stderr).toMatch(/bad\s+.*failed/);
    expect(stdout + stderr).not.toContain("\u001b");
  });

  test("--quiet leaves the outcome, and the reasons of failures on standard error", async () => {
    await using rig = await createRig({ config: fleet });
    const { stdout, stderr } = await rig.command(["run", "fleet.yaml", "--quiet"]);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toContain("trouble");
    const calm = await rig.command(["run", "fleet.yaml", "--quiet", "--only", "good"]);
    expect(calm).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("colour is only where it is asked for, and NO_COLOR wins", async () => {
    await using rig = await createRig({ config: fleet });
    const args = ["run", "fleet.yaml", "--only", "good"];
    const forced = await rig.command(args, { env: { FORCE_COLOR: "1" } });
    const refused = await rig.command(args, { env: { FORCE_COLOR: "1", NO_COLOR: "1" } });
    expect(forced.stdout).toContain("\u001b[");
    expect(refused.stdout + refused.stderr).not.toContain("\u001b");
  });

  test("control characters of an agent reach files, not the screen", async () => {
    await using rig = await createRig({
      config: 'instances:\n  - { name: a, agent: command, run: [printf, "\\e]0;title\\a\\e[2Jred\\n"] }\n',
    });
    const { stdout, stderr } = await rig.command(["run", "fleet.yaml"]);
    expect(stdout).toContain("red");
    expect(stdout + stderr).not.toContain("\u001b");
    expect((await rig.command(["logs", "latest", "a"])).stdout).toContain("\u001b[2J");
  });
});

describe("a reader that goes away", () => {
  test("in the middle of --json leaves the run to end by itself, without a word about it", async () => {
    await using rig = await createRig({
      config: `instances:\n${Array.from({ length: 6 }, (_each, at) => `  - { name: i${at}, agent: command, run: "sleep 0.3; seq 2000" }\n`).join("")}`,
    });
    const program = rig.begin(["run", "fleet.yaml", "--json", "--quiet"]);
    await program.event(({ type }) => type === "attempt-started");
    program.closeStdout();
    const { exitCode, stderr } = await program.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(rig.runs()).toHaveLength(1);
  });

  test("of a pipe (| head) gets its lines, and the program ends quietly", async () => {
    await using rig = await createRig({ config: 'instances:\n  - { name: big, agent: command, run: "seq 500000" }\n' });
    expect((await rig.command(["run", "fleet.yaml", "--quiet"])).exitCode).toBe(0);
    const words = [process.execPath, programPath, "logs", "latest", "big"];
    const script = '"$@" | head -n 2; echo "${PIPESTATUS[0]}"';
    const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", script, "bash", ...words], {
      cwd: rig.folder,
      encoding: "utf8",
      env: rig.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    expect({ stdout, stderr }).toEqual({ stdout: "1\n2\n0\n", stderr: "" });
  });
});

test("a run of one prompt prints the answer and nothing else on standard output", async () => {
  await using rig = await createRig({ scenario: "echo" });
  const words = ["run", "What is 6 times 7?", "--model", "haiku", "--agent-path", `claude=${claudePath}`];
  const { exitCode, stdout } = await rig.command(words);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "What is 6 times 7?\n" });
});

test("past runs are listed, shown and their output printed", async () => {
  await using rig = await createRig({ config: fleet });
  await rig.command(["run", "fleet.yaml", "--quiet", "--only", "good"]);
  await rig.command(["run", "fleet.yaml", "--quiet"]);
  const list = JSON.parse((await rig.command(["runs", "list", "--json"])).stdout) as readonly {
    readonly run: string;
    readonly status: string;
  }[];
  expect(list.map(({ status }) => status)).toEqual(["failed", "succeeded"]);
  const [newest] = list;
  expect((await rig.command(["runs", "list"])).stdout).toContain(newest?.run);
  expect((await rig.command(["show", newest?.run ?? ""])).stdout).toContain("trouble");
  expect((await rig.command(["show", "latest", "good"])).stdout).toBe("line one\nline two\n");
  expect((await rig.command(["logs", "latest", "good"])).stdout).toBe("line one\nline two\n");
  expect((await rig.command(["logs", "latest", "bad", "--stderr"])).stdout).toBe("trouble\n");
  expect(await rig.command(["show", "run_nosuchrun1"])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("run_"),
  });
  expect(await rig.command(["logs", "latest", "gooood"])).toMatchObject({ exitCode: 2 });
});

test("logs --follow goes on until the instance has ended", async () => {
  const script = "echo first; while [ ! -e go ]; do sleep 0.05; done; echo second";
  await using rig = await createRig({ config: `instances:\n  - { name: slow, agent: command, run: "${script}" }\n` });
  const program = rig.start();
  await program.event(({ type }) => type === "attempt-started");
  const follower = rig.begin(["logs", "latest", "slow", "--follow"]);
  await follower.prints("first");
  writeFileSync(rig.path("go"), "");
  expect(await follower.ended).toMatchObject({ exitCode: 0, stdout: "first\nsecond\n", stderr: "" });
  expect((await rig.finish(program)).verdicts).toEqual({ slow: "succeeded" });
});

describe("a start time", () => {
  const config = "instances:\n  - { name: a, agent: command, run: [echo, now] }\n";

  test("is waited for, with a countdown", async () => {
    await using rig = await createRig({ config });
    const run = await rig.run({ args: ["--start-at", "2s"] });
    expect({ exitCode: run.exitCode, verdicts: run.verdicts }).toEqual({ exitCode: 0, verdicts: { a: "succeeded" } });
    const scheduled = run.events.find((event) => event.type === "run-scheduled");
    const started = run.events.find((event) => event.type === "run-started");
    expect(started?.at).toBeGreaterThanOrEqual(scheduled?.until ?? Number.POSITIVE_INFINITY);
    expect(run.stderr).toMatch(/starts in [12]\.\ds/);
  });

  test("can be given up by Ctrl-C, and nothing has been started", async () => {
    await using rig = await createRig({ config });
    const program = rig.start({ args: ["--start-at", "2h"] });
    await program.event(({ type }) => type === "run-scheduled");
    program.signal("SIGINT");
    const run = await rig.finish(program);
    expect({ exitCode: run.exitCode, verdicts: run.verdicts }).toEqual({ exitCode: 130, verdicts: { a: "stopped" } });
    expect(run.instance("a").attempts).toEqual([]);
  });

  test.each(["25:00", "13pm", "soon", "99"])("that is none is refused: %s", async (when) => {
    await using rig = await createRig({ config });
    const { exitCode, stderr } = await rig.command(["run", "fleet.yaml", "--start-at", when]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(when) });
    expect(rig.exists(".orchestrator")).toBe(false);
  });
});
