import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { continueRunLog, createRunLog, openRunLog } from "./index.ts";
import { runProgram } from "./testing/childProcess.ts";
import { runIdAt } from "./testing/events.ts";
import { lookAt } from "./testing/lookAt.ts";
import { temporaryDirectory } from "./testing/temporaryDirectory.ts";
import { tracesSystemCalls } from "./testing/tracesSystemCalls.ts";

/** Kills a writer after it has acknowledged so many flushes; the answer is the last number it acknowledged. */
async function killWriterAfter(flushes: number, directory: string): Promise<number> {
  const writer = runProgram("writerProcess.ts", [directory]);
  await writer.lines(flushes);
  writer.process.kill("SIGKILL");
  const numbers = (await writer.output).split("\n").slice(0, -1);
  expect(numbers.length).toBeGreaterThanOrEqual(flushes);
  return Number(numbers.at(-1));
}

function readNumbers(directory: string): readonly number[] {
  const reader = openRunLog(directory);
  const numbers = [...reader.events()].map(({ seq }) => seq);
  expect(reader.damage()).toEqual([]);
  reader.close();
  return numbers;
}

function isGapless(numbers: readonly number[]): boolean {
  return numbers.every((seq, index) => seq === index + 1);
}

describe("R12: a writer killed at any moment", () => {
  test.each([1, 2, 5, 17, 40, 90, 400])(
    "after %i flushes leaves a gapless log with every acknowledged event",
    async (flushes) => {
      using folder = temporaryDirectory();
      const acknowledged = await killWriterAfter(flushes, folder.path);
      const numbers = readNumbers(folder.path);
      expect(isGapless(numbers)).toBe(true);
      expect(numbers.length).toBeGreaterThanOrEqual(acknowledged);
      const found = goOn(folder.path);
      expect({ isTold: found.isTold, events: found.events }).toEqual({ isTold: false, events: numbers.length });
      await found.close();
    },
    60_000,
  );

  test("R16: and a write-ahead log cut short, filled with zeros or with rubbish still give a gapless beginning", async () => {
    using folder = temporaryDirectory();
    const killed = join(folder.path, "killed");
    await killWriterAfter(30, killed);
    const wal = readFileSync(join(killed, "events.db-wal"));
    const half = Math.floor(wal.length / 2) + 100;
    const spoilt = {
      cut: wal.subarray(0, half),
      zeros: Buffer.concat([wal.subarray(0, half), Buffer.alloc(wal.length - half)]),
      rubbish: Buffer.concat([wal.subarray(0, half), Buffer.from(wal.subarray(half).map((byte) => byte ^ 0x5a))]),
      emptied: Buffer.alloc(0),
    };
    for (const [name, bytes] of Object.entries(spoilt)) {
      const directory = join(folder.path, name);
      mkdirSync(directory);
      copyFileSync(join(killed, "events.db"), join(directory, "events.db"));
      writeFileSync(join(directory, "events.db-wal"), bytes);
      // Refused where even the tables are lost, else read as far as it goes: never a crash, never a gap.
      const { numbers, damage } = lookAt(directory);
      expect({ name, isGapless: isGapless(numbers), damage }).toEqual({ name, isGapless: true, damage: [] });
    }
  }, 60_000);
});

test("R16: whatever byte of a killed writer's write-ahead log has flipped, who goes on has all acknowledged, or is told of a loss", async () => {
  using folder = temporaryDirectory();
  const killed = join(folder.path, "killed");
  const writer = runProgram("writerProcess.ts", [killed]);
  const acknowledged = (await writer.lines(25)).map(Number);
  writer.process.kill("SIGKILL");
  await writer.output;
  // The last transaction may be one that nobody was told of.
  const known = acknowledged.at(-2) ?? 0;
  const wal = readFileSync(join(killed, "events.db-wal"));
  let round = 0;
  const place = fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: wal.length - 1 }));
  await fc.assert(
    fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, bits) => {
      const directory = join(folder.path, `flipped ${round++}`);
      mkdirSync(directory);
      copyFileSync(join(killed, "events.db"), join(directory, "events.db"));
      const flipped = Buffer.from(wal);
      flipped[at] = (flipped[at] ?? 0) ^ bits;
      writeFileSync(join(directory, "events.db-wal"), flipped);
      const found = goOn(directory);
      expect(found.isTold || found.events >= known).toBe(true);
      await found.close();
    }),
    { numRuns: 60 },
  );
}, 120_000);

/** Refused, with damage named, or whole. */
function goOn(directory: string): { isTold: boolean; events: number; close: () => Promise<void> } {
  try {
    const options = { clock: { wall: Date.now }, programVersion: "0.1.0" };
    const { log, events, damage } = continueRunLog(directory, options);
    return { isTold: damage.length > 0, events: events.length, close: () => log.close() };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { isTold: true, events: 0, close: () => Promise.resolve() };
  }
}

test("a reader in another process sees a growing, gapless beginning of the log while it is written", async () => {
  using folder = temporaryDirectory();
  const writer = runProgram("writerProcess.ts", [folder.path]);
  await writer.lines(1);
  const reader = openRunLog(folder.path);
  let seen = 0;
  for (let flushes = 5; flushes <= 60; flushes += 5) {
    const acknowledged = Number((await writer.lines(flushes)).at(-1));
    const numbers = [...reader.events()].map(({ seq }) => seq);
    expect(isGapless(numbers)).toBe(true);
    expect(numbers.length).toBeGreaterThanOrEqual(Math.max(acknowledged, seen));
    seen = numbers.length;
  }
  writer.process.kill("SIGKILL");
  await writer.output;
  reader.close();
}, 60_000);

const hasPrlimit = process.platform === "linux" && spawnSync("prlimit", ["--version"]).status === 0;
const mountsPrivately =
  process.platform === "linux" &&
  spawnSync("unshare", ["-Urm", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"]).status === 0;

interface FullDiskReport {
  readonly told: readonly string[];
  readonly readWhileFull: number;
  readonly appended: number;
  readonly readBack: number;
  readonly damage: readonly unknown[];
}

const hasStrace = tracesSystemCalls();

test.skipIf(!hasStrace)(
  "R14: a sync that failed is never taken for done: nothing after it is acknowledged",
  async () => {
    using folder = temporaryDirectory();
    const wrapper = ["strace", "-f", "-o", "/dev/null", "-e", "inject=fsync,fdatasync:error=EIO:when=20+"];
    const output = await runProgram("failingSyncProcess.ts", [folder.path], wrapper).output;
    const report = JSON.parse(output) as { readonly acknowledged: number };
    expect(report).toMatchObject({
      trouble: "io",
      later: 0,
      closed: expect.stringContaining("1 event was not written"),
    });
    expect(report.acknowledged).toBeGreaterThan(0);
    expect(readNumbers(folder.path).length).toBeGreaterThanOrEqual(report.acknowledged);
  },
  60_000,
);

describe("R13: a disk without room", () => {
  test.skipIf(!mountsPrivately)(
    "makes events wait, stays readable, and loses none once there is room again",
    async () => {
      using folder = temporaryDirectory();
      const mount = 'mount -t tmpfs -o size=1m none "$0" && exec "$@"';
      const wrapper = ["unshare", "-Urm", "sh", "-c", mount, folder.path];
      const output = await runProgram("fullDiskProcess.ts", [folder.path, "disk"], wrapper).output;
      const report = JSON.parse(output) as FullDiskReport;
      expect(report).toMatchObject({ told: ["full", "well"], readBack: report.appended, damage: [] });
      expect(report.readWhileFull).toBeGreaterThan(0);
    },
    60_000,
  );

  test.skipIf(!hasPrlimit)(
    "or a file that may not grow does the same",
    async () => {
      using folder = temporaryDirectory();
      const wrapper = ["prlimit", "--fsize=300000:unlimited", "--"];
      const output = await runProgram("fullDiskProcess.ts", [folder.path, "limit"], wrapper).output;
      const report = JSON.parse(output) as FullDiskReport;
      expect(report).toMatchObject({ told: ["io", "well"], readBack: report.appended, damage: [] });
    },
    60_000,
  );
});

/** Readable for all, since who looks is somebody else where the test runs as root. */
function closeForWriting(directory: string): void {
  for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o444);
  chmodSync(directory, 0o555);
}

describe("R19: a folder that may not be written", () => {
  test.skipIf(process.platform === "win32")(
    "refuses a new log with a sentence, and lets a finished one be read",
    async () => {
      using folder = temporaryDirectory();
      const directory = join(folder.path, "run");
      const log = createRunLog(directory, runIdAt(0), { clock: { wall: Date.now }, programVersion: "0.1.0" });
      log.append({ type: "run-started" });
      await log.close();
      closeForWriting(directory);
      chmodSync(folder.path, 0o555);
      const output = await runProgram("readOnlyProcess.ts", [folder.path, directory]).output;
      chmodSync(directory, 0o755);
      chmodSync(folder.path, 0o755);
      expect(JSON.parse(output)).toEqual({ begin: "log-not-usable", events: 1 });
    },
    60_000,
  );

  test.skipIf(process.platform === "win32")(
    "lets a log be read whose writer was killed",
    async () => {
      using folder = temporaryDirectory();
      const killed = join(folder.path, "killed");
      await killWriterAfter(5, killed);
      const expected = readNumbers(killed).length;
      closeForWriting(killed);
      chmodSync(folder.path, 0o555);
      const output = await runProgram("readOnlyProcess.ts", [folder.path, killed]).output;
      chmodSync(killed, 0o755);
      chmodSync(folder.path, 0o755);
      expect(JSON.parse(output)).toEqual({ begin: "log-not-usable", events: expected });
    },
    60_000,
  );
});

test.skipIf(process.platform === "win32").each(["000", "027", "0777"])(
  "the log and what lies beside it are for their owner alone under the umask %s",
  async (umask) => {
    using folder = temporaryDirectory();
    const directory = join(folder.path, "run");
    // Made by us, since under the strictest of them nobody could enter a folder.
    mkdirSync(directory, { mode: 0o700 });
    const wrapper = ["sh", "-c", `umask ${umask} && exec "$@"`, "sh"];
    const writer = runProgram("writerProcess.ts", [directory], wrapper);
    await writer.lines(3);
    const modes = readdirSync(directory).map((name) => [name, statSync(join(directory, name)).mode & 0o777]);
    writer.process.kill("SIGKILL");
    await writer.output;
    expect(Object.fromEntries(modes)).toEqual({ "events.db": 0o600, "events.db-wal": 0o600, "events.db-shm": 0o600 });
  },
  60_000,
);

test("R19: a database file cut short is refused or read up to the cut, and never a crash", async () => {
  using folder = temporaryDirectory();
  const log = createRunLog(folder.path, runIdAt(0), { clock: { wall: Date.now }, programVersion: "0.1.0" });
  for (let i = 0; i < 2000; i++) log.append({ type: "run-scheduled", until: i });
  await log.close();
  const path = join(folder.path, "events.db");
  const size = readFileSync(path).length;
  for (const part of [0.9, 0.5, 0.1, 0]) {
    truncateSync(path, Math.floor(size * part));
    const { isRefused, damage } = lookAt(folder.path);
    expect(isRefused || damage.length > 0).toBe(true);
  }
});
