import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { UserError } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { continueRunLog, createRunLog } from "./index.ts";
import { runProgram } from "./testing/childProcess.ts";
import { progressed, runIdAt } from "./testing/events.ts";
import { runInjected } from "./testing/injectedProcess.ts";
import { lookAt } from "./testing/lookAt.ts";
import { temporaryDirectory } from "./testing/temporaryDirectory.ts";
import { tracesSystemCalls } from "./testing/tracesSystemCalls.ts";

const options = { clock: { wall: () => 1000 }, programVersion: "0.1.0" };

/** A finished log of so many events. */
async function writeLog(directory: string, count: number): Promise<string> {
  const log = createRunLog(directory, runIdAt(0), options);
  for (let seq = 1; seq <= count; seq++) log.append(progressed(`${seq} ${"x".repeat(300)}`));
  await log.close();
  return join(directory, "events.db");
}

function numbersTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

describe.skipIf(!tracesSystemCalls())("a disk that fails or lies", () => {
  test.each([8, 12, 20, 33])(
    "R14: a sync that fails once (number %i) is not repeated and believed: the file is read anew, and nothing is lost",
    async (when) => {
      using folder = temporaryDirectory();
      const directory = join(folder.path, "run");
      const { lastWord } = await runInjected(directory, `fsync,fdatasync:error=EIO:when=${when}`);
      expect({ lastWord, ...lookAt(directory) }).toEqual({
        lastWord: "closed",
        isRefused: false,
        numbers: numbersTo(60),
        damage: [],
      });
    },
    60_000,
  );

  test.each([7, 4096])(
    "R15: a write that says it put %i bytes down and did not: each event is read as it was or named",
    async (bytes) => {
      let named = 0;
      for (const when of [4, 40, 100, 150, 170, 188, 192]) {
        using folder = temporaryDirectory();
        const directory = join(folder.path, "run");
        const { acknowledged } = await runInjected(directory, `pwrite64:retval=${bytes}:when=${when}`);
        const { isRefused, numbers, damage } = lookAt(directory);
        const isWhole = numbers.length === 60 && damage.length === 0;
        expect({ when, holds: acknowledged === 0 || isRefused || damage.length > 0 || isWhole }).toEqual({
          when,
          holds: true,
        });
        named += damage.length;
      }
      expect(named).toBeGreaterThan(0);
    },
    60_000,
  );
});

describe.skipIf(!tracesSystemCalls())("R15: a write that was not made, and a kill soon after", () => {
  test.each([30, 61, 90, 121, 148])(
    "(number %i) is named by who goes on with the log, where more was lost than the last",
    async (when) => {
      using folder = temporaryDirectory();
      const directory = join(folder.path, "run");
      const faults = [`pwrite64:retval=4096:when=${when}`, "fsync:signal=SIGKILL:when=38"];
      const { acknowledged } = await runInjected(directory, ...faults);
      const { log, events, damage } = continueRunLog(directory, options);
      const readable = events.length;
      await log.close();
      // A step is one transaction of two events; the last one could be one that was never acknowledged.
      expect(damage.length > 0).toBe(readable + 2 < acknowledged);
    },
    60_000,
  );
});

test("R16: a finished log whose tail is torn, zeros or rubbish is gone on with after what is readable, or refused", async () => {
  using folder = temporaryDirectory();
  const bytes = readFileSync(await writeLog(join(folder.path, "sound"), 400));
  const cut = Math.floor(bytes.length * 0.7);
  const spoilt = {
    torn: bytes.subarray(0, cut + 100),
    zeros: Buffer.concat([bytes.subarray(0, cut), Buffer.alloc(bytes.length - cut)]),
    rubbish: Buffer.concat([bytes.subarray(0, cut), Buffer.from(bytes.subarray(cut).map((byte) => byte ^ 0x5a))]),
    longer: Buffer.concat([bytes, bytes.subarray(cut)]),
  };
  for (const [name, content] of Object.entries(spoilt)) {
    const directory = join(folder.path, name);
    mkdirSync(directory);
    writeFileSync(join(directory, "events.db"), content);
    const before = lookAt(directory);
    expect({ name, holds: before.isRefused || before.damage.length > 0 || before.numbers.length === 400 }).toEqual({
      name,
      holds: true,
    });
    const word = await goOn(directory);
    expect(word).toMatch(/^(went on|refused|lost)$/);
    // Whatever came of it, nothing that could be read before is gone.
    expect(lookAt(directory).numbers).toEqual(expect.arrayContaining([...before.numbers]));
  }
});

/** Goes on with a log by one event: what came of it. */
async function goOn(directory: string): Promise<"went on" | "refused" | "lost"> {
  try {
    const { log } = continueRunLog(directory, { ...options, closeWaitMs: 200 });
    log.append({ type: "run-started" });
    return await log.close().then(
      () => "went on",
      () => "lost",
    );
  } catch (error) {
    if (error instanceof UserError && error.code === "log-not-usable") return "refused";
    throw error;
  }
}

test("R18: a reader that holds a page open for long keeps no event from the disk, and loses none", async () => {
  using folder = temporaryDirectory();
  const log = createRunLog(folder.path, runIdAt(0), options);
  log.append({ type: "run-started" });
  await log.flush();
  const raw = new DatabaseSync(join(folder.path, "events.db"), { readOnly: true });
  raw.exec("BEGIN");
  expect(raw.prepare("SELECT count(*) AS count FROM event").get()).toEqual({ count: 1 });
  const trouble: unknown[] = [];
  log.onTrouble((told) => trouble.push(told));
  for (let seq = 2; seq <= 5000; seq++) log.append(progressed("x".repeat(500)));
  await log.flush();
  expect(raw.prepare("SELECT count(*) AS count FROM event").get()).toEqual({ count: 1 });
  raw.close();
  await log.close();
  expect(trouble).toEqual([]);
  expect(lookAt(folder.path)).toEqual({ isRefused: false, numbers: numbersTo(5000), damage: [] });
}, 60_000);

test("R18: a log that is read at the moment is gone on with when the reader lets go", async () => {
  using folder = temporaryDirectory();
  await writeLog(folder.path, 3);
  const reader = runProgram("slowReaderProcess.ts", [folder.path]);
  await reader.lines(1);
  const { log } = continueRunLog(folder.path, options);
  log.append({ type: "run-started" });
  await log.close();
  await reader.output;
  expect(lookAt(folder.path).numbers).toEqual(numbersTo(4));
}, 60_000);

describe("R19: a log that is not what it was", () => {
  test("replaced by an older backup while it is written is lost, and says so", async () => {
    using folder = temporaryDirectory();
    const path = join(folder.path, "events.db");
    const log = createRunLog(folder.path, runIdAt(0), options);
    log.append({ type: "run-started" });
    await log.flush();
    copyFileSync(path, join(folder.path, "backup"));
    log.append({ type: "run-started" });
    await log.flush();
    renameSync(join(folder.path, "backup"), path);
    log.append({ type: "run-started" });
    await expect(log.flush()).rejects.toThrow("its file was replaced by another");
    await expect(log.close()).rejects.toThrow("1 event was not written");
  });

  test("removed while nobody writes it is not begun anew by who wants to go on", async () => {
    using folder = temporaryDirectory();
    rmSync(await writeLog(folder.path, 3));
    expect(() => continueRunLog(folder.path, options)).toThrow("There is no log of a run at");
    expect(lookAt(folder.path).isRefused).toBe(true);
  });

  test("cut short is gone on with after what is left, which is named, or refused", async () => {
    using folder = temporaryDirectory();
    const path = await writeLog(folder.path, 400);
    const size = readFileSync(path).length;
    for (const part of [0.8, 0.4, 0.05, 0]) {
      truncateSync(path, Math.floor(size * part));
      const { numbers } = lookAt(folder.path);
      await goOn(folder.path);
      expect(lookAt(folder.path).numbers).toEqual(expect.arrayContaining([...numbers]));
    }
  });

  test.skipIf(process.platform === "win32")(
    "in a folder that may not be written is refused with the reason",
    async () => {
      using folder = temporaryDirectory();
      const directory = join(folder.path, "run");
      chmodSync(await writeLog(directory, 3), 0o444);
      chmodSync(directory, 0o555);
      const output = await runProgram("continueReadOnlyProcess.ts", [directory]).output;
      chmodSync(directory, 0o755);
      expect(output).toMatch(/^log-not-usable: the run's log .* cannot be gone on with: /);
    },
  );
});
