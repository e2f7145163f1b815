import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRig, dummyKey, type Rig } from "./rig.ts";
import { detach, type DetachedRun, isAlive, killSupervisor, openRuns, until } from "./support/detached.ts";
import { readLog } from "./support/invariants.ts";
import { type Outcome, startProgram } from "./support/program.ts";
import { leftoversAfter } from "./support/leftovers.ts";

/** `done` leaves a line each time it runs; `slow` works until there is a file `go`. */
const fleet = `name: gated
instances:
  - { name: done, run: "echo once >> runs-of-done" }
  - { name: slow, run: "while [ ! -e go ]; do sleep 0.05; done; echo gone", retry: { attempts: 3, delay: 0 } }
  - { name: after, run: [echo, after words], needs: slow }
`;

const go = (rig: Rig): void => writeFileSync(rig.path("go"), "");

/** A run whose supervisor was killed while `slow` worked and `done` was done. */
async function interrupt(rig: Rig, args: readonly string[] = []): Promise<DetachedRun> {
  const run = await detach(rig, args);
  await until(async () => {
    const [open] = await openRuns(rig);
    return open?.instances.done === 1 && open.instances.running === 1 ? true : undefined;
  });
  await killSupervisor(run);
  return run;
}

describe("a run whose supervisor was killed", () => {
  test("is told as interrupted everywhere, with what to type", async () => {
    await using rig = await createRig({ config: fleet });
    const { run } = await interrupt(rig);
    const ps = await rig.command(["ps"]);
    expect(ps.stdout).toMatch(new RegExp(`${run} .* interrupted `));
    expect(ps.stdout).toContain("1 interrupted, 1 waiting, 1 done");
    expect(ps.stdout + ps.stderr).toContain(`resume ${run}`);
    for (const words of [["ps"], ["show", run], ["show", run, "--markdown"], ["show", run, "slow"]]) {
      const { stdout, stderr } = await rig.command(words);
      expect(stdout + stderr).toMatch(/ interrupted  |slow.* ✗ interrupted|✗ slow interrupted/);
      expect(stdout + stderr).not.toContain("running");
    }
    expect((await rig.command(["runs", "list"])).stdout).toContain("interrupted");
    expect(JSON.parse((await rig.command(["runs", "list", "--json"])).stdout)).toMatchObject([
      { status: "interrupted" },
    ]);
    expect((await rig.command(["show", run])).stdout).toContain("was interrupted");
    for (const word of ["attach", "pause", "unpause", "retry"]) {
      const { exitCode, stderr } = await rig.command([word, run]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain("was interrupted");
      expect(stderr).toContain(`resume ${run}`);
    }
    const followed = await rig.command(["logs", run, "slow", "--follow"]);
    expect(followed.exitCode).toBe(0);
    await rig.command(["stop", run, "--force"]);
  });

  test("goes on by `resume`: what was done is not done again, and each instance settles once", async () => {
    await using rig = await createRig({ config: fleet });
    const { run, directory } = await interrupt(rig);
    go(rig);
    const resumed = await rig.command(["resume", run]);
    expect(resumed.exitCode).toBe(0);
    expect(resumed.stdout).toContain("gated succeeded");
    expect(rig.read("runs-of-done")).toBe("once\n");
    const events = readLog(directory);
    expect(events.filter(({ type }) => type === "run-resumed")).toHaveLength(1);
    expect(events.filter(({ type }) => type === "instance-settled")).toHaveLength(3);
  });

  test("lets an agent that still works go on to its own end: `resume` takes it over", async () => {
    // A namespace of its own would have ended it with its supervisor.
    await using rig = await createRig({ config: fleet, env: { CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep" } });
    const { run, directory } = await interrupt(rig);
    const { pid } = await rig.processRunning("while");
    await rig.command(["resume", run, "--detach"]);
    expect((await rig.processRunning("while")).pid).toBe(pid);
    go(rig);
    const { exitCode, stdout } = await rig.command(["attach", run]);
    // Nobody but its parent could hear how it ended: it is not run a second time, and that is said.
    expect(exitCode).toBe(1);
    expect(stdout).toContain("it is not run a second time by itself");
    const events = readLog(directory);
    expect(events.filter(({ type }) => type === "attempt-adopted")).toMatchObject([{ instance: "slow", attempt: 1 }]);
    const [first] = events.filter((event) => event.type === "attempt-planned" && event.instance === "slow");
    const output = first?.type === "attempt-planned" ? first.files.stdout : "";
    expect(readFileSync(join(directory, output), "utf8")).toBe("gone\n");
  });

  test("can be gone on with from any folder: its command line counts from where it was typed", async () => {
    await using rig = await createRig({ config: fleet });
    const { run, directory } = await interrupt(rig, ["--junit", "report.xml"]);
    go(rig);
    const elsewhere = rig.path("elsewhere");
    mkdirSync(elsewhere);
    const { ended } = startProgram({
      args: ["resume", run, "--runs-dir", dirname(directory)],
      cwd: elsewhere,
      env: rig.environment,
    });
    expect((await ended).exitCode).toBe(0);
    expect(rig.exists("report.xml")).toBe(true);
  });

  test("goes on without a terminal by `resume --detach`", async () => {
    await using rig = await createRig({ config: fleet });
    const { run } = await interrupt(rig);
    const { exitCode, stdout } = await rig.command(["resume", run, "--detach"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${run}\n` });
    expect(await openRuns(rig)).toMatchObject([{ run, status: "running" }]);
    go(rig);
    expect((await rig.command(["attach", run])).exitCode).toBe(0);
  });

  test("is still paused where it was paused, and says so with what to type", async () => {
    await using rig = await createRig({ config: fleet });
    const run = await detach(rig);
    await rig.command(["pause", run.run]);
    await killSupervisor(run);
    go(rig);
    const resumed = await rig.command(["resume", run.run, "--detach"]);
    expect(resumed.stderr).toContain(
      `still paused: nothing more starts until \`claude-orchestrator unpause ${run.run}\``,
    );
    expect(await openRuns(rig)).toMatchObject([{ status: "paused" }]);
    await rig.command(["unpause", run.run]);
    expect((await rig.command(["attach", run.run])).exitCode).toBe(0);
  });

  test("is taken up by one of several that try at once, and the others say who has it", async () => {
    await using rig = await createRig({ config: fleet });
    const { run, directory } = await interrupt(rig);
    const resumes = [1, 2, 3].map(() => rig.begin(["resume", run, "--json"]));
    const over: Outcome[] = [];
    for (const { ended } of resumes) void ended.then((outcome) => over.push(outcome));
    const losers = await until(() => (over.length === 2 ? [...over] : undefined));
    const winner = (await openRuns(rig))[0];
    for (const { exitCode, stderr } of losers) {
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`${run} is supervised already, by process ${winner?.pid} since `);
    }
    go(rig);
    await Promise.all(resumes.map(({ ended }) => ended));
    expect(over.map(({ exitCode }) => exitCode)).toEqual([2, 2, 0]);
    expect(readLog(directory).filter(({ type }) => type === "run-resumed")).toHaveLength(1);
  });

  test("is ended by `stop`: nothing of it is left alive, and its log says stopped", async () => {
    await using rig = await createRig({ config: fleet });
    const { run, directory } = await interrupt(rig);
    const { exitCode } = await rig.command(["stop", run]);
    expect(exitCode).toBe(0);
    expect(await leftoversAfter(2000, rig.environment["HOME"] ?? "")).toEqual([]);
    expect(readLog(directory).at(-1)).toMatchObject({ type: "run-settled", outcome: "stopped" });
    expect(await openRuns(rig)).toEqual([]);
  });

  test("is ended by `stop` with children that left their parents, and without a namespace that would end them", async () => {
    await using rig = await createRig({
      config: fleet.replace('"while', "\"setsid -f sleep 600; (trap '' TERM; exec sleep 601) & while"),
      env: { CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep" },
    });
    const { run } = await interrupt(rig);
    await rig.processRunning("sleep 600");
    expect((await rig.command(["stop", run])).exitCode).toBe(0);
    expect(await leftoversAfter(2000, rig.environment["HOME"] ?? "")).toEqual([]);
  });

  test("is ended by `stop` also where its file has gone", async () => {
    await using rig = await createRig({ config: fleet });
    const { run } = await interrupt(rig);
    rmSync(rig.path("fleet.yaml"));
    expect((await rig.command(["stop", run, "--force"])).exitCode).toBe(0);
  });

  test("was a foreground run: its next supervisor works with the secrets of the file, which are in no log", async () => {
    const secret = "s3cr3t-value-of-the-file";
    const config = fleet
      .replace("echo gone", "printf %s $MY_TOKEN | wc -c")
      .replace("name: slow,", `name: slow, env: { MY_TOKEN: ${secret} },`);
    await using rig = await createRig({ config });
    const first = rig.begin(["run", "fleet.yaml", "--json"]);
    await first.event((event) => event.type === "attempt-started" && event.instance === "slow");
    await first.event((event) => event.type === "instance-settled");
    first.signal("SIGKILL");
    await first.ended;
    go(rig);
    const resumed = await rig.command(["resume", "latest", "--json"]);
    expect(resumed.exitCode).toBe(0);
    const ends = resumed.events.filter((event) => event.type === "attempt-ended" && event.instance === "slow");
    expect(ends.at(-1)).toMatchObject({ result: `${secret.length}` });
    expect(JSON.stringify(readLog(rig.runs()[0] ?? ""))).not.toContain(secret);
  });
});

describe("a file that has changed", () => {
  test("is refused with what has changed, and accepted on request", async () => {
    await using rig = await createRig({ config: fleet });
    const { run, directory } = await interrupt(rig);
    writeFileSync(rig.path("fleet.yaml"), fleet.replace("after words", "other words"));
    const refused = await rig.command(["resume", run]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("instance `after`");
    expect(refused.stderr).toMatch(/^ +-.*after words$/m);
    expect(refused.stderr).toMatch(/^ +\+.*other words$/m);
    expect(refused.stderr).toContain("--accept-changes");
    expect(readLog(directory).some(({ type }) => type === "run-resumed")).toBe(false);
    go(rig);
    const accepted = await rig.command(["resume", run, "--accept-changes", "--json"]);
    expect(accepted.exitCode).toBe(0);
    expect(accepted.events.some(({ type }) => type === "plan-changed")).toBe(true);
    expect((await rig.command(["show", run, "after"])).stdout).toContain("other words");
  });

  test("says the same when only its layout or a comment has changed: it goes on", async () => {
    await using rig = await createRig({ config: fleet });
    const { run } = await interrupt(rig);
    writeFileSync(rig.path("fleet.yaml"), `# a comment\n\n${fleet}`);
    go(rig);
    expect((await rig.command(["resume", run])).exitCode).toBe(0);
  });

  test("may not leave out an instance that has run", async () => {
    await using rig = await createRig({ config: fleet });
    const { run } = await interrupt(rig);
    writeFileSync(rig.path("fleet.yaml"), fleet.replace("name: done", "name: renamed"));
    const { exitCode, stderr } = await rig.command(["resume", run, "--accept-changes"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("`done` has run already");
    await rig.command(["stop", run, "--force"]);
  });

  test("or is not there any more is named; what the run began with is not known without it", async () => {
    await using rig = await createRig({ config: fleet });
    const { run, directory } = await interrupt(rig);
    renameSync(rig.path("fleet.yaml"), rig.path("moved.yaml"));
    const gone = await rig.command(["resume", run]);
    expect(gone.exitCode).toBe(2);
    expect(gone.stderr).toContain(`${rig.path("fleet.yaml")}, is not there any more`);
    renameSync(rig.path("moved.yaml"), rig.path("fleet.yaml"));
    rmSync(join(directory, "command.json"));
    const older = await rig.command(["resume", run]);
    expect(older.exitCode).toBe(2);
    expect(older.stderr).toContain("an older release made it");
    await rig.command(["stop", run, "--force"]);
  });
});

test("a supervisor that is killed over and over loses nothing: the run ends once, with every instance done once", async () => {
  await using rig = await createRig({ config: fleet.replace("attempts: 3", "attempts: 9") });
  const { run, directory } = await interrupt(rig);
  for (let round = 0; round < 3; round++) {
    const { stdout } = await rig.command(["resume", run, "--detach", "--json"]);
    const { pid } = JSON.parse(stdout) as DetachedRun;
    await killSupervisor({ pid });
    expect(isAlive(pid)).toBe(false);
  }
  go(rig);
  expect((await rig.command(["resume", run])).exitCode).toBe(0);
  expect(readLog(directory).filter(({ type }) => type === "instance-settled")).toHaveLength(3);
  expect(rig.read("runs-of-done")).toBe("once\n");
  expect(existsSync(join(directory, "supervisor.json"))).toBe(false);
  expect(rig.read("fleet.yaml")).not.toContain(dummyKey);
});
