import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRig, type Rig } from "./rig.ts";
import type { RunningProgram } from "./support/program.ts";

/** What `schedule list --json` says of one. */
interface Listed {
  readonly name: string;
  readonly running: readonly { readonly run: string }[];
  readonly waiting: readonly unknown[];
  readonly last: { readonly outcome: string; readonly reason?: string; readonly run?: string } | null;
  readonly fired: number;
  readonly skipped: number;
  readonly failed: number;
}

const patience = { timeout: 60_000, interval: 200 };
const everySecond = ["--cron", "* * * * * *", "--tz", "Europe/Berlin"];

/** Writes a line each time it runs. */
const quick = { name: "quick", instances: [{ name: "only", run: ["sh", "-c", "echo ran >> ran.txt"] }] };
/** Goes on until there is a file `go`, looked for ten times a second. */
const patient = {
  name: "patient",
  instances: [{ name: "only", run: ["sh", "-c", "until [ -e go ]; do sleep 0.1; done"] }],
};

async function list(rig: Rig): Promise<readonly Listed[]> {
  const { exitCode, stdout, stderr } = await rig.command(["schedule", "list", "--json"]);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as readonly Listed[];
}

async function one(rig: Rig, name: string): Promise<Listed> {
  const found = (await list(rig)).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no schedule ${name}`);
  return found;
}

async function add(rig: Rig, words: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await rig.command(["schedule", "add", ...words]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
}

async function startDaemon(rig: Rig): Promise<RunningProgram> {
  const daemon = rig.begin(["schedule", "daemon"]);
  await daemon.prints("are fired from here");
  return daemon;
}

function firedMoreThan(rig: Rig, name: string, count: number): Promise<void> {
  return expect.poll(async () => (await one(rig, name)).fired, patience).toBeGreaterThan(count);
}

/**
 * Nothing more is fired, and what was, or is just about to be, goes to its end. Told by one look: between two a slot may fire. Where one
 * run replaces another, a slot that waited for that when it was paused goes on waiting.
 */
async function quiet(rig: Rig, name: string, mayWait = false): Promise<Listed> {
  await rig.command(["schedule", "pause", name]);
  let listed = await one(rig, name);
  const look = async (): Promise<number> => {
    listed = await one(rig, name);
    return listed.running.length + (mayWait ? 0 : listed.waiting.length);
  };
  await expect.poll(look, patience).toBe(0);
  return listed;
}

/** Of every run, and of one that did not succeed what became of its instances. */
async function outcomesOf(rig: Rig): Promise<readonly string[]> {
  const { stdout } = await rig.command(["runs", "list", "--json"]);
  const runs = JSON.parse(stdout) as readonly { readonly id: string; readonly status: string }[];
  const telling = runs.map(async ({ id, status }) => {
    return status === "succeeded" ? status : `${status}: ${(await rig.command(["show", id])).stdout}`;
  });
  return Promise.all(telling);
}

test("a daemon killed again and again fires no slot twice, and every run it began comes to its end", async () => {
  await using rig = await createRig({ config: quick });
  await add(rig, ["fleet.json", ...everySecond]);
  for (let round = 0; round < 5; round++) {
    const { fired } = await one(rig, "quick");
    const daemon = await startDaemon(rig);
    // In the moment in which a slot is claimed, in the second and fourth round; in the others once something has begun.
    await (round % 2 === 1 ? daemon.prints("is due") : firedMoreThan(rig, "quick", fired));
    daemon.signal("SIGKILL");
    await daemon.ended;
  }
  const daemon = await startDaemon(rig);
  const { fired, failed, last } = await quiet(rig, "quick");
  daemon.signal("SIGTERM");
  expect((await daemon.ended).exitCode).toBe(0);
  const ran = rig.read("ran.txt").trim().split("\n").length;
  const outcomes = await outcomesOf(rig);
  expect({ failed, last, ran, outcomes }).toMatchObject({
    failed: 0,
    last: { outcome: "succeeded" },
    ran: fired,
    outcomes: Array.from({ length: fired }, () => "succeeded"),
  });
}, 180_000);

test("a daemon that is asked to end leaves the run it started alone", async () => {
  await using rig = await createRig({ config: patient });
  await add(rig, ["fleet.json", ...everySecond]);
  const daemon = await startDaemon(rig);
  await expect.poll(async () => (await one(rig, "patient")).running, patience).toHaveLength(1);
  daemon.signal("SIGTERM");
  const { exitCode, stderr } = await daemon.ended;
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining("what was started goes on"),
  });
  expect((await one(rig, "patient")).running).toHaveLength(1);
  writeFileSync(rig.path("go"), "");
  await expect.poll(async () => (await one(rig, "patient")).last?.outcome, patience).toBe("succeeded");
});

test("a slot is skipped while the run before it goes on, and stops it where it was said to", async () => {
  await using rig = await createRig({ config: patient });
  await add(rig, ["fleet.json", "--name", "skips", ...everySecond]);
  const daemon = await startDaemon(rig);
  await expect.poll(async () => (await one(rig, "skips")).skipped, patience).toBeGreaterThan(1);
  expect(await one(rig, "skips")).toMatchObject({ fired: 1, running: [{}] });
  writeFileSync(rig.path("go"), "");
  await quiet(rig, "skips");
  rmSync(rig.path("go"));
  await add(rig, ["fleet.json", "--name", "replaces", "--overlap", "replace", ...everySecond]);
  await firedMoreThan(rig, "replaces", 1);
  writeFileSync(rig.path("go"), "");
  await quiet(rig, "replaces", true);
  daemon.signal("SIGINT");
  expect((await daemon.ended).exitCode).toBe(0);
  const outcomes = await rig.command(["runs", "list", "--json"]);
  expect(outcomes.stdout).toContain('"status": "stopped"');
});

test("a file that has vanished is told by its slot, and the daemon goes on and sees what is added meanwhile", async () => {
  await using rig = await createRig({ config: quick, files: { "gone.json": JSON.stringify(quick) } });
  const daemon = await startDaemon(rig);
  await add(rig, ["gone.json", "--name", "gone", ...everySecond]);
  rmSync(rig.path("gone.json"));
  await expect.poll(async () => (await one(rig, "gone")).failed, patience).toBeGreaterThan(0);
  expect((await one(rig, "gone")).last).toMatchObject({
    outcome: "failed_to_start",
    reason: expect.stringContaining("gone.json cannot be read: ENOENT"),
  });
  // Nothing but what it ran as long as the file was there: its name is no prompt.
  expect(rig.model.requests()).toEqual([]);
  await rig.command(["schedule", "remove", "gone"]);
  await add(rig, ["fleet.json", ...everySecond]);
  await firedMoreThan(rig, "quick", 0);
  await quiet(rig, "quick");
  daemon.signal("SIGTERM");
  expect((await daemon.ended).exitCode).toBe(0);
});

test("there is one daemon for a person, `status` says whether there is one, and `run-now` needs none", async () => {
  await using rig = await createRig({ config: quick });
  const added = await rig.command(["schedule", "add", "fleet.json", "--cron", "0 2 * * 1-5", "--tz", "Europe/Berlin"]);
  expect(added.stdout).toMatch(/^quick: next \d{4}-\d\d-\d\d 02:00 \+0[12]:00, /);
  expect(added.stderr).toContain("claude-orchestrator schedule daemon");
  expect((await rig.command(["schedule", "status"])).exitCode).toBe(1);
  const daemon = await startDaemon(rig);
  expect((await rig.command(["schedule", "status"])).exitCode).toBe(0);
  const second = await rig.command(["schedule", "daemon"]);
  expect(second).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("A daemon fires the schedules of") });
  daemon.signal("SIGTERM");
  await daemon.ended;
  const now = await rig.command(["schedule", "run-now", "quick"]);
  expect(now).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^run_[0-9a-z]{10}\n$/) });
  await expect.poll(async () => (await one(rig, "quick")).last?.outcome, patience).toBe("succeeded");
  writeFileSync(rig.path("fleet.json"), JSON.stringify({ ...patient, name: "quick" }));
  expect((await rig.command(["schedule", "run-now", "quick"])).exitCode).toBe(0);
  const busy = await rig.command(["schedule", "run-now", "quick"]);
  expect(busy).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("quick runs already: run_") });
  writeFileSync(rig.path("go"), "");
  await expect.poll(async () => (await one(rig, "quick")).running, patience).toEqual([]);
  const state = join(rig.environment["HOME"] ?? "", ".local/state/claude-orchestrator");
  expect(statSync(state).mode & 0o777).toBe(0o700);
  expect(readdirSync(state).toSorted()).toEqual(["lock.db", "schedules.db"]);
});

describe("what is refused is not scheduled", () => {
  const broken = { name: "broken", instances: [{ name: "only", prompt: "x", needs: ["nobody"] }] };
  test.each([
    ["a file with problems", ["broken.json", ...everySecond], "broken.json has 1 problem"],
    ["a file that is not there", ["nothing.yaml", ...everySecond], "There is no file `nothing.yaml`"],
    ["a prompt", ["explain this", ...everySecond], "There is no file `explain this`"],
    ["no pattern", ["fleet.json"], "`schedule add` needs to know when"],
    ["a day that never comes", ["fleet.json", "--cron", "0 0 30 2 *"], "never comes"],
    ["a zone that is none", ["fleet.json", "--cron", "0 0 * * *", "--tz", "Europe/Berln"], "`Europe/Berlin`"],
    ["a secret", ["fleet.json", ...everySecond, "--", "--var", "TOKEN=x"], "looks like a secret"],
  ])("%s", async (_title, words, why) => {
    await using rig = await createRig({ config: quick, files: { "broken.json": JSON.stringify(broken) } });
    const { exitCode, stderr } = await rig.command(["schedule", "add", ...words]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(why) });
    expect(await list(rig)).toEqual([]);
    expect(existsSync(join(rig.environment["HOME"] ?? "", ".local"))).toBe(false);
  });

  test("a name that is taken", async () => {
    await using rig = await createRig({ config: quick });
    await add(rig, ["fleet.json", ...everySecond]);
    const again = await rig.command(["schedule", "add", "fleet.json", ...everySecond]);
    expect(again).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("There is a schedule `quick` already"),
    });
    expect((await rig.command(["schedule", "remove", "quik"])).stderr).toContain("did you mean `quick`?");
  });
});

test.skipIf(process.platform !== "linux")(
  "`install` shows what it would write, and writes it only with `--yes`",
  async () => {
    await using rig = await createRig();
    const unit = join(rig.environment["HOME"] ?? "", ".config/systemd/user/claude-orchestrator.service");
    const shown = await rig.command(["schedule", "install"]);
    expect(shown).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`${unit}\n`) });
    expect(shown.stderr).toContain("Nothing is written yet");
    expect(shown.stdout).toContain("systemctl --user enable --now claude-orchestrator.service");
    expect(shown.stdout).not.toContain("sk-ant");
    expect((await rig.command(["schedule", "install", "--dry-run"])).exitCode).toBe(0);
    expect(existsSync(unit)).toBe(false);
    // No systemd answers a person without a session: the file is there, and what is left to do is said.
    const done = await rig.command(["schedule", "install", "--yes"], { env: { PATH: join(rig.folder, "nothing") } });
    expect(done).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("Type the lines above yourself") });
    expect(readFileSync(unit, "utf8")).toContain("ExecStart=");
    expect(statSync(unit).mode & 0o777).toBe(0o600);
  },
);
