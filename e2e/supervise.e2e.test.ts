import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRig, type Rig } from "./rig.ts";
import { detach, isAlive, openRuns, until } from "./support/detached.ts";
import { readLog } from "./support/invariants.ts";

/** `slow` works until there is a file `go`, `after` waits for it, `quick` is done at once. */
const fleet = `name: gated
instances:
  - { name: quick, run: [echo, quick words] }
  - { name: slow, run: "echo slow words; while [ ! -e go ]; do sleep 0.05; done; echo gone" }
  - { name: after, run: [echo, after words], needs: slow }
`;

const go = (rig: Rig): void => writeFileSync(rig.path("go"), "");

describe("run --detach", () => {
  test("gives the terminal back with the run's id and what to type, and the run works on to its end", async () => {
    await using rig = await createRig({ config: fleet });
    const { exitCode, stdout, stderr } = await rig.command(["run", "fleet.yaml", "--detach"]);
    const id = stdout.trim();
    expect(exitCode).toBe(0);
    expect(id).toMatch(/^run_\w+$/);
    expect(stderr).toContain(`attach ${id}`);
    expect(stderr).toContain(`stop ${id}`);
    expect(await openRuns(rig)).toMatchObject([{ run: id, status: "running" }]);
    go(rig);
    const attached = await rig.command(["attach", "latest", "--json"]);
    expect(attached.verdicts).toEqual({ quick: "succeeded", slow: "succeeded", after: "succeeded" });
  });

  test("passes on what is wrong, with its exit code, and leaves nothing behind", async () => {
    await using rig = await createRig({ config: "name: broken\ninstances: 3\n" });
    const { exitCode, stdout, stderr } = await rig.command(["run", "fleet.yaml", "--detach"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("fleet.yaml");
    expect(rig.runs()).toEqual([]);
  });

  test("keeps what reaches its supervisor to its owner, and takes it away at the end", async () => {
    await using rig = await createRig({ config: fleet });
    const { directory } = await detach(rig);
    const mode = (name: string): string => (statSync(join(directory, name)).mode & 0o777).toString(8);
    expect(["supervisor.json", "command.json", "supervisor.log", "control.sock"].map(mode)).toEqual(
      Array.from({ length: 4 }, () => "600"),
    );
    go(rig);
    await rig.command(["attach", "latest"]);
    expect(existsSync(join(directory, "supervisor.json"))).toBe(false);
    expect(statSync(join(directory, "control.sock"), { throwIfNoEntry: false })).toBeUndefined();
  });

  test("writes the reports that were asked for, where they were asked for", async () => {
    await using rig = await createRig({ config: fleet });
    await detach(rig, ["--junit", "report.xml", "--name", "under another name"]);
    go(rig);
    await rig.command(["attach", "latest"]);
    expect(rig.read("report.xml")).toContain("under another name");
  });
});

describe("attach", () => {
  test("shows the whole run to each viewer, and a viewer that is killed or leaves changes nothing", async () => {
    await using rig = await createRig({ config: fleet });
    const { directory, run } = await detach(rig);
    const viewers = [1, 2, 3, 4].map(() => rig.begin(["attach", run, "--json"]));
    await Promise.all(viewers.map((viewer) => viewer.event(({ type }) => type === "run-created")));
    const [killed, left, ...staying] = viewers;
    killed?.signal("SIGKILL");
    left?.signal("SIGINT");
    const leaver = await left?.ended;
    expect(leaver?.exitCode).toBe(0);
    expect(leaver?.stderr).toContain(`${run} goes on: only this view of it has ended`);
    go(rig);
    const log = async (): Promise<unknown> =>
      (await Promise.all(staying.map(({ ended }) => ended))).map(({ events }) => events);
    expect(await log()).toEqual([readLog(directory), readLog(directory)]);
    expect((await killed?.ended)?.signal).toBe("SIGKILL");
  });

  test("ends with the summary and the run's own exit code, also of a run that has settled", async () => {
    await using rig = await createRig({ config: "name: bad\ninstances: [{ name: one, run: 'exit 3' }]\n" });
    await rig.run();
    const { exitCode, stdout } = await rig.command(["attach", "latest"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("bad failed");
  });
});

describe("a run that works", () => {
  test("is stopped by `stop`, which waits for its end", async () => {
    await using rig = await createRig({ config: fleet });
    const { pid, run, directory } = await detach(rig);
    const { exitCode, stderr } = await rig.command(["stop", run]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`${run} stopped`);
    expect(readLog(directory).at(-1)).toMatchObject({ type: "run-settled", outcome: "stopped", exitCode: 130 });
    await until(() => (isAlive(pid) ? undefined : true));
    const again = await rig.command(["stop", run]);
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.stderr).toContain("has come to its end already: stopped");
  });

  test("is stopped with exit code 0 also at the moment at which it ends by itself", async () => {
    await using rig = await createRig({ config: "name: brief\ninstances: [{ name: one, run: [sleep, '0.2'] }]\n" });
    for (let round = 0; round < 5; round += 1) {
      const { run } = await detach(rig);
      const { exitCode, stderr } = await rig.command(["stop", run]);
      expect(exitCode === 0 ? "" : stderr).toBe("");
    }
  });

  test("loses one instance to `stop RUN INSTANCE --force`, and goes on with the rest", async () => {
    await using rig = await createRig({ config: fleet });
    const { run, directory } = await detach(rig);
    await rig.processRunning("while");
    const { exitCode, stderr } = await rig.command(["stop", run, "slow", "--force"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("slow stopped");
    await rig.command(["attach", run]);
    expect(readLog(directory).at(-1)).toMatchObject({ type: "run-settled", outcome: "failed" });
  });

  test("starts nothing while it is paused", async () => {
    await using rig = await createRig({ config: fleet });
    const { run } = await detach(rig);
    expect((await rig.command(["pause", run])).stderr).toContain("paused");
    go(rig);
    const paused = await until(async () => {
      const [open] = await openRuns(rig);
      return open?.instances.running === 0 ? open : undefined;
    });
    expect(paused).toMatchObject({ status: "paused", instances: { running: 0, waiting: 1, done: 2 } });
    expect(await rig.command(["pause", run])).toMatchObject({ exitCode: 0, stderr: "the run is paused already\n" });
    expect((await rig.command(["unpause", run])).exitCode).toBe(0);
    expect((await rig.command(["attach", run])).exitCode).toBe(0);
  });

  test("tries an instance again while others work, when it is asked to", async () => {
    await using rig = await createRig({ config: fleet.replace("[echo, quick words]", "'test -e mended'") });
    const { run } = await detach(rig);
    await until(async () => ((await openRuns(rig))[0]?.instances.done === 1 ? true : undefined));
    writeFileSync(rig.path("mended"), "");
    const { exitCode, stderr } = await rig.command(["retry", run, "--failed"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "to be tried again: quick\n" });
    go(rig);
    expect((await rig.command(["attach", run])).exitCode).toBe(0);
  });

  test("can be seen, stopped and removed although its log was deleted", async () => {
    await using rig = await createRig({ config: fleet });
    const { run, directory, pid } = await detach(rig);
    await rig.processRunning("while");
    for (const name of ["events.db", "events.db-wal", "events.db-shm"]) rmSync(join(directory, name), { force: true });
    const ps = await rig.command(["ps"]);
    expect(ps.stderr).toContain(`${run} is at work, by process ${pid} since `);
    expect(ps.stderr).not.toContain("No run");
    expect(await openRuns(rig)).toMatchObject([{ run, status: "unreadable", pid }]);
    for (const word of ["show", "attach"]) {
      const { exitCode, stderr } = await rig.command([word, run]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`stop ${run}`);
      expect(stderr).toContain(`runs prune ${run} --yes`);
    }
    const stopped = await rig.command(["stop", run]);
    expect(stopped).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`${run} has ended`) });
    await until(() => (isAlive(pid) ? undefined : true));
    expect((await rig.command(["runs", "prune", run, "--yes"])).exitCode).toBe(0);
    expect(rig.runs()).toEqual([]);
  });

  test("is waited for by `stop RUN INSTANCE` also where that instance had settled before it was tried again", async () => {
    const again = fleet.replace("[echo, quick words]", "'test -e mended && while :; do sleep 0.05; done'");
    await using rig = await createRig({ config: again });
    const { run } = await detach(rig);
    await until(async () => ((await openRuns(rig))[0]?.instances.done === 1 ? true : undefined));
    writeFileSync(rig.path("mended"), "");
    await rig.command(["retry", run, "quick"]);
    await rig.processRunning("mended");
    const { exitCode, stderr } = await rig.command(["stop", run, "quick"]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("quick stopped") });
    go(rig);
    expect((await rig.command(["attach", run])).exitCode).toBe(1);
  });

  test("takes the name of a group for all its members, in `stop` and in `retry`", async () => {
    const words = "test -e mended || while :; do sleep 0.05; done";
    const group = `{ name: t, matrix: { x: [a, b] }, run: "${words}" }`;
    await using rig = await createRig({ config: fleet.replace("{ name: quick, run: [echo, quick words] }", group) });
    const { run } = await detach(rig);
    await rig.processRunning("mended");
    const stopped = await rig.command(["stop", run, "t"]);
    expect(stopped.exitCode).toBe(0);
    expect(stopped.stderr.match(/ stopped: /g)).toHaveLength(2);
    expect((await rig.command(["stop", run, "t"])).exitCode).toBe(2);
    writeFileSync(rig.path("mended"), "");
    expect((await rig.command(["retry", run, "t", "--detach"])).stderr).toContain("is for a run that has ended");
    expect((await rig.command(["retry", run, "t"])).exitCode).toBe(0);
    go(rig);
    expect((await rig.command(["attach", run])).exitCode).toBe(0);
    const unknown = await rig.command(["stop", run, "zz"]);
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("no instance `zz`") });
  });

  test("can be asked where the path of its folder is too long for a socket", async () => {
    await using rig = await createRig({ config: fleet });
    const deep = `${"deep ".repeat(25)}runs`;
    const { run, directory } = await detach(rig, ["--runs-dir", deep]);
    expect(statSync(join(directory, "control.sock"), { throwIfNoEntry: false })).toBeUndefined();
    expect(await rig.command(["stop", run, "--runs-dir", deep])).toMatchObject({ exitCode: 0 });
  });

  test("is not hurt by a thousand connections, garbage and half requests", async () => {
    await using rig = await createRig({ config: fleet });
    const { run, directory } = await detach(rig);
    const words = ["", "{", "\0\xff".repeat(100), "x".repeat(300_000), "null\n", `{"version":1}\n`];
    const sockets = Array.from({ length: 1000 }, (_each, at) => {
      const socket = connect(join(directory, "control.sock")).resume();
      socket.on("error", () => undefined);
      socket.end(words[at % words.length] ?? "");
      return new Promise((resolve) => socket.once("close", resolve));
    });
    await Promise.all(sockets);
    expect((await rig.command(["pause", run])).exitCode).toBe(0);
    expect((await rig.command(["unpause", run])).exitCode).toBe(0);
    go(rig);
    expect((await rig.command(["attach", run])).exitCode).toBe(0);
  });

  test("is running, and is said not to answer, while its supervisor is held still", async () => {
    await using rig = await createRig({ config: fleet });
    const { run, pid } = await detach(rig);
    process.kill(pid, "SIGSTOP");
    try {
      const { exitCode, stderr } = await rig.command(["pause", run]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`(process ${pid}) cannot be asked: it did not answer within 5s`);
      expect(await openRuns(rig)).toMatchObject([{ run, status: "running", pid }]);
      expect((await rig.command(["resume", run])).stderr).toContain(`is supervised already, by process ${pid} since`);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    go(rig);
    expect((await rig.command(["attach", run])).exitCode).toBe(0);
  });

  test("lets `logs --follow` go on to the end of its instance", async () => {
    await using rig = await createRig({ config: fleet });
    const { run } = await detach(rig);
    const logs = rig.begin(["logs", run, "slow", "--follow"]);
    await logs.prints("slow words");
    go(rig);
    expect(await logs.ended).toMatchObject({ exitCode: 0, stdout: "slow words\ngone\n" });
    await rig.command(["attach", run]);
  });
});

describe("a run that has settled", () => {
  test("goes on by `retry`, with what was skipped for the sake of what failed", async () => {
    await using rig = await createRig({
      config: fleet.replace("while [ ! -e go ]; do sleep 0.05; done; echo gone", "test -e go"),
    });
    const first = await rig.command(["run", "fleet.yaml"]);
    expect(first.exitCode).toBe(1);
    go(rig);
    const again = await rig.command(["retry", "latest", "--json"]);
    expect(again.verdicts).toEqual({ slow: "succeeded", after: "succeeded" });
    expect(again.exitCode).toBe(0);
    const nothing = await rig.command(["retry", "latest", "--failed"]);
    expect(nothing.exitCode).toBe(2);
    expect(nothing.stderr).toContain("there is none to try again");
    expect((await rig.command(["retry", "latest", "quick", "--detach"])).exitCode).toBe(0);
    expect((await rig.command(["attach", "latest"])).exitCode).toBe(0);
  });

  test("goes on without a terminal by `retry --detach`, also where an instance has the name of a flag", async () => {
    const config = "name: odd\ninstances: [{ name: --json, run: 'test -e go' }, { name: -d, run: 'test -e go' }]\n";
    await using rig = await createRig({ config });
    expect((await rig.command(["run", "fleet.yaml"])).exitCode).toBe(1);
    go(rig);
    expect((await rig.command(["retry", "latest", "--detach"])).exitCode).toBe(0);
    expect((await rig.command(["attach", "latest", "--json"])).verdicts).toEqual({
      "--json": "succeeded",
      "-d": "succeeded",
    });
  });

  test("is not resumed unless it was stopped: the way on is `retry`", async () => {
    await using rig = await createRig({ config: "name: bad\ninstances: [{ name: one, run: 'exit 3' }]\n" });
    await rig.run();
    const { exitCode, stderr } = await rig.command(["resume", "latest"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--failed");
    for (const word of ["pause", "unpause"]) expect((await rig.command([word, "latest"])).exitCode).toBe(2);
  });

  test("that was stopped goes on by `resume`, and what was done is not done again", async () => {
    await using rig = await createRig({ config: fleet });
    const { run } = await detach(rig);
    await until(async () => ((await openRuns(rig))[0]?.instances.done === 1 ? true : undefined));
    await rig.command(["stop", run]);
    go(rig);
    const resumed = await rig.command(["resume", run, "--json"]);
    expect(resumed.exitCode).toBe(0);
    expect(resumed.verdicts).toEqual({ slow: "succeeded", after: "succeeded" });
  });
});
