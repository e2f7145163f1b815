import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UserError } from "@claude-orchestrator/domain";
import { ownIdentity } from "@claude-orchestrator/host";
import { recordedFlags } from "../commands/runFlags.ts";
import type { RecordedFlagValues } from "../commands/runFlags.ts";
import { makeFolder } from "../testing/folder.ts";
import { commandRecordOf, readCommandRecord, writeCommandRecord } from "./commandRecord.ts";
import { lockRun } from "./lockRun.ts";
import { standingOf } from "./standing.ts";
import { readSupervisorRecord, writeSupervisorRecord } from "./supervisorRecord.ts";

/** As the parser makes them where nothing is typed. */
const noFlags = Object.fromEntries(
  Object.entries(recordedFlags).map(([name, { type }]) => [
    name,
    type === "switch" ? false : type === "list" ? [] : undefined,
  ]),
) as unknown as RecordedFlagValues;

const id = "run_7f3k2m9x1q";

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

describe("what was typed to start a run", () => {
  test("is read back as it was, and is for its owner only", () => {
    using folder = makeFolder({ "fleet.yaml": "instances: []\n" });
    const flags: RecordedFlagValues = {
      ...noFlags,
      var: ["a=b", "c="],
      concurrency: 3,
      "trust-workspace": true,
      name: "x",
    };
    const record = commandRecordOf(["fleet.yaml"], flags, folder.path, "fleet.yaml");
    expect(record.file?.sha256).toMatch(/^[\da-f]{64}$/);
    writeCommandRecord(folder.path, record);
    expect(readCommandRecord(folder.path, id)).toEqual(record);
    expect(modeOf(join(folder.path, "command.json"))).toBe(0o600);
  });

  test("has no flag that only says how it was shown", () => {
    using folder = makeFolder();
    const typed = { ...noFlags, json: true, detach: true };
    writeCommandRecord(folder.path, commandRecordOf(["Do it"], typed, folder.path, undefined));
    expect(readFileSync(join(folder.path, "command.json"), "utf8")).not.toMatch(/json|detach/);
    expect(readCommandRecord(folder.path, id).file).toBeUndefined();
  });

  test("is a clear sentence where it is not there, and where it is not what was written", () => {
    using folder = makeFolder();
    expect(() => readCommandRecord(folder.path, id)).toThrow("does not say how it was started");
    const write = (value: unknown): void => writeFileSync(join(folder.path, "command.json"), JSON.stringify(value));
    const good = { version: 1, words: [], flags: {}, cwd: "/" };
    for (const bad of [
      null,
      { ...good, version: 2 },
      { ...good, words: [1] },
      { ...good, cwd: 1 },
      { ...good, flags: { var: "a=b" } },
      { ...good, flags: { concurrency: "3" } },
    ]) {
      write(bad);
      expect(() => readCommandRecord(folder.path, id)).toThrow("is not what this program wrote there");
    }
    write(good);
    expect(readCommandRecord(folder.path, id)).toEqual({ words: [], flags: noFlags, cwd: "/" });
  });

  test("never throws anything but a sentence, whatever is in the file", () => {
    using folder = makeFolder();
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        writeFileSync(join(folder.path, "command.json"), text);
        expect(() => readCommandRecord(folder.path, id)).toThrow(UserError);
      }),
    );
  });
});

describe("who supervises a run", () => {
  test("is read back as it was written, for its owner only; anything else names nobody", async () => {
    using folder = makeFolder();
    const record = { identity: ownIdentity(), version: "0.1.0", startedAt: 5, control: { address: "/a", token: "t" } };
    await writeSupervisorRecord(folder.path, record);
    expect(readSupervisorRecord(folder.path)).toEqual(record);
    expect(modeOf(join(folder.path, "supervisor.json"))).toBe(0o600);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        writeFileSync(join(folder.path, "supervisor.json"), text);
        expect(readSupervisorRecord(folder.path)).toBeUndefined();
      }),
    );
  });

  test("is one at a time, who is named to all others, and nobody once it has let go", async () => {
    using folder = makeFolder();
    const found = { id: "run_7f3k2m9x1q" as never, directory: folder.path };
    expect(standingOf(folder.path, false)).toEqual({ is: "interrupted" });
    const lock = await lockRun(found);
    expect(standingOf(folder.path, false)).toMatchObject({
      is: "running",
      supervisor: { identity: { pid: process.pid } },
    });
    lock.release();
    expect(standingOf(folder.path, false)).toEqual({ is: "interrupted" });
    expect(standingOf(folder.path, true)).toEqual({ is: "settled" });
    expect(readSupervisorRecord(folder.path)).toBeUndefined();
  });

  test("is nobody where only a file says so, with the number of a process that is another one by now", async () => {
    using folder = makeFolder();
    const identity = { ...ownIdentity(), startTime: "1" };
    await writeSupervisorRecord(folder.path, { identity, version: "0.1.0", startedAt: 5 });
    expect(standingOf(folder.path, false)).toEqual({ is: "interrupted" });
  });
});
