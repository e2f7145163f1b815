import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { acquireRunLock, isRunLocked } from "./index.ts";
import { type Child, runProgram } from "./testing/childProcess.ts";
import { temporaryDirectory } from "./testing/temporaryDirectory.ts";

interface Contender extends AsyncDisposable {
  readonly child: Child;
  readonly word: string;
  /** Of a process it started after it had asked for the lock. */
  readonly grandchild: number;
}

/** So many processes ask for one lock at the same moment. */
async function contend(directory: string, count: number): Promise<readonly Contender[]> {
  const sign = join(directory, "begin");
  const children = Array.from({ length: count }, () => runProgram("lockProcess.ts", [directory, sign]));
  await Promise.all(children.map((child) => child.lines(1)));
  writeFileSync(sign, "");
  return Promise.all(children.map(observe));
}

async function observe(child: Child): Promise<Contender> {
  const [, word = "", started = ""] = await child.lines(3);
  const grandchild = Number(started.split(" ")[1]);
  const end = async (): Promise<void> => {
    child.process.kill("SIGKILL");
    await child.output;
    process.kill(grandchild, "SIGKILL");
  };
  return { child, word, grandchild, [Symbol.asyncDispose]: end };
}

test("a run has one supervisor: the second is refused until the first lets go", () => {
  using folder = temporaryDirectory();
  expect(isRunLocked(folder.path)).toBe(false);
  const first = acquireRunLock(folder.path);
  expect(acquireRunLock(folder.path)).toBeUndefined();
  expect(isRunLocked(folder.path)).toBe(true);
  first?.release();
  first?.release();
  expect(isRunLocked(folder.path)).toBe(false);
  acquireRunLock(folder.path)?.release();
});

test("looking, however often, does not take the lock from the process that looks", async () => {
  using folder = temporaryDirectory();
  const lock = acquireRunLock(folder.path);
  for (let i = 0; i < 20; i++) expect(isRunLocked(folder.path)).toBe(true);
  for (let i = 0; i < 5; i++) expect(acquireRunLock(folder.path)).toBeUndefined();
  const [other] = await contend(folder.path, 1);
  await using contender = other;
  expect(contender?.word).toBe("refused");
  lock?.release();
});

test.skipIf(process.platform === "win32")("the lock is for its owner alone, and leaves nothing else beside it", () => {
  using folder = temporaryDirectory();
  const lock = acquireRunLock(folder.path);
  expect(readdirSync(folder.path)).toEqual(["lock.db"]);
  expect(statSync(join(folder.path, "lock.db")).mode & 0o777).toBe(0o600);
  lock?.release();
  expect(existsSync(join(folder.path, "lock.db"))).toBe(true);
});

test("of processes that ask at the same moment exactly one wins, while others look", async () => {
  for (let round = 0; round < 4; round++) {
    using folder = temporaryDirectory();
    const looking = setInterval(() => isRunLocked(folder.path), 1);
    const contenders = await contend(folder.path, 5);
    clearInterval(looking);
    const words = contenders.map(({ word }) => word).toSorted();
    for (const contender of contenders) await contender[Symbol.asyncDispose]();
    expect(words).toEqual(["held", "refused", "refused", "refused", "refused"]);
  }
}, 120_000);

test("processes that take it over and over never hold it together, and each gets it", async () => {
  using folder = temporaryDirectory();
  const looking = setInterval(() => isRunLocked(folder.path), 1);
  const words = Array.from({ length: 4 }, () => runProgram("lockCycleProcess.ts", [folder.path, "25"]).output);
  expect(await Promise.all(words)).toEqual(["alone\n", "alone\n", "alone\n", "alone\n"]);
  clearInterval(looking);
}, 120_000);

describe.skipIf(process.platform === "win32")("a holder", () => {
  test("that is stopped still holds it; that is killed does not, though its child lives", async () => {
    using folder = temporaryDirectory();
    const [holder] = await contend(folder.path, 1);
    if (holder === undefined) throw new Error("no contender");
    expect(holder.word).toBe("held");
    holder.child.process.kill("SIGSTOP");
    expect(isRunLocked(folder.path)).toBe(true);
    expect(acquireRunLock(folder.path)).toBeUndefined();
    holder.child.process.kill("SIGKILL");
    await holder.child.output;
    process.kill(holder.grandchild, 0);
    expect(isRunLocked(folder.path)).toBe(false);
    const next = acquireRunLock(folder.path);
    expect(next).toBeDefined();
    next?.release();
    process.kill(holder.grandchild, "SIGKILL");
  }, 60_000);
});

describe("where nobody can say", () => {
  test("what is no lock is named", () => {
    using folder = temporaryDirectory();
    writeFileSync(join(folder.path, "lock.db"), "not a lock, and long enough to look like something".repeat(40));
    const refusal = expect.objectContaining({ code: "log-not-usable", message: expect.stringContaining("lock.db") });
    expect(() => isRunLocked(folder.path)).toThrow(refusal);
    expect(() => acquireRunLock(folder.path)).toThrow(refusal);
  });

  test("a folder that is not there has no lock to look at, and none to take", () => {
    using folder = temporaryDirectory();
    const missing = join(folder.path, "missing");
    expect(isRunLocked(missing)).toBe(false);
    expect(() => acquireRunLock(missing)).toThrow(expect.objectContaining({ code: "log-not-usable" }));
    mkdirSync(missing);
    expect(isRunLocked(missing)).toBe(false);
  });
});
