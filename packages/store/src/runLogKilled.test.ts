import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { continueRunLog, openRunLog } from "./index.ts";
import { runInjected } from "./testing/injectedProcess.ts";
import { lookAt } from "./testing/lookAt.ts";
import { temporaryDirectory } from "./testing/temporaryDirectory.ts";
import { tracesSystemCalls } from "./testing/tracesSystemCalls.ts";

const options = { clock: { wall: () => 1000 }, programVersion: "0.1.0" };

/** What must hold of a log whose writer was killed, and after it was gone on with. */
async function expectSound(directory: string, acknowledged: number): Promise<void> {
  const { isRefused, numbers, damage } = lookAt(directory);
  if (isRefused) {
    // Killed before there was a log: nothing was acknowledged, and nothing is taken for a run.
    expect(acknowledged).toBe(0);
    if (existsSync(join(directory, "events.db"))) expect(() => continueRunLog(directory, options)).toThrow("log");
    return;
  }
  expect(damage).toEqual([]);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(numbers.length).toBeGreaterThanOrEqual(acknowledged);
  const { log, events, damage: found } = continueRunLog(directory, options);
  expect(found).toEqual([]);
  expect(events.map(({ seq }) => seq)).toEqual(numbers);
  expect(log.append({ type: "run-started" }).seq).toBe(numbers.length + 1);
  await log.close();
  const reader = openRunLog(directory);
  expect([...reader.events()].map(({ seq }) => seq)).toEqual([...numbers, numbers.length + 1]);
  expect(reader.damage()).toEqual([]);
  reader.close();
}

/**
 * Kills at the first such call, the second …, until one comes to its end unharmed. Gives how often it was killed.
 *
 * @param before a folder with the log that is gone on with; without it, one is begun
 */
async function sweep(call: string, before?: string): Promise<number> {
  const already = before === undefined ? 0 : lookAt(before).numbers.length;
  let next = 1;
  let isOver = false;
  const work = async (): Promise<number> => {
    for (let kills = 0; ; kills++) {
      if (isOver) return kills;
      using folder = temporaryDirectory();
      const directory = join(folder.path, "run");
      if (before !== undefined) cpSync(before, directory, { recursive: true });
      const { acknowledged, isClosed } = await runInjected(directory, `${call}:signal=SIGKILL:when=${next++}`);
      await expectSound(directory, Math.max(already, acknowledged));
      if (!isClosed) continue;
      isOver = true;
      return kills;
    }
  };
  const kills = await Promise.all([work(), work()]);
  return kills.reduce((sum, each) => sum + each, 0);
}

const isTraced = tracesSystemCalls();

/** No fault but the one that is never reached; and whoever is killed, and so keeps nothing, finds its program compiled. */
beforeAll(async () => {
  if (!isTraced) return;
  using folder = temporaryDirectory();
  const { isClosed, lastWord } = await runInjected(join(folder.path, "run"), "unlink:signal=SIGKILL:when=100");
  if (!isClosed) throw new Error(`the writer comes to no end though nothing harms it: ${lastWord}`);
});

describe.skipIf(!isTraced)("R12: a writer of thirty steps, killed at each of its system calls", () => {
  test.each([
    ["pwrite64", 100],
    ["fsync", 30],
    ["fdatasync", 0],
    ["ftruncate", 1],
    ["unlink", 1],
  ])(
    "%s: all it acknowledged is there, without a gap, and another goes on from there",
    async (call, atLeast) => {
      expect(await sweep(call)).toBeGreaterThanOrEqual(atLeast);
    },
    600_000,
  );
});

describe.skipIf(!isTraced)("R12: a writer that goes on with a log, killed at each of its system calls", () => {
  test.each(["pwrite64", "fsync", "ftruncate", "unlink"])(
    "%s: what there was and what it acknowledged is there, whether its log had been closed or its writer killed",
    async (call) => {
      using folder = temporaryDirectory();
      const [closed, killed] = [join(folder.path, "closed"), join(folder.path, "killed")];
      expect((await runInjected(closed, "unlink:signal=SIGKILL:when=100")).isClosed).toBe(true);
      expect((await runInjected(killed, "pwrite64:signal=SIGKILL:when=90")).isClosed).toBe(false);
      expect(await sweep(call, closed)).toBeGreaterThan(0);
      expect(await sweep(call, killed)).toBeGreaterThanOrEqual(0);
    },
    600_000,
  );
});
