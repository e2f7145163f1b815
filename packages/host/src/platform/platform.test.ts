import { spawn } from "node:child_process";
import { once } from "node:events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLsof, parsePsLine, parsePsStart } from "./darwin.ts";
import { createLinuxPlatform } from "./linux.ts";
import { sendSignal } from "./platform.ts";
import { findMarkers, parseStat } from "./procFiles.ts";
import { findFamily, indexListing } from "../processes/family.ts";
import { parseWindowsLine, withAnsweredStarts } from "./windows.ts";

describe("a line of /proc/PID/stat", () => {
  const tail = "S 10 11 12 0 -1 4194304 99 0 0 0 0 0 0 0 20 0 3 0 148888 3133440 407 18446744073709551615";

  test("is read whatever the command is called", () => {
    const expected = { state: "S", threads: 3, parent: 10, group: 11, session: 12, startTime: "148888" };
    fc.assert(
      fc.property(fc.string({ maxLength: 15 }), (name) => {
        expect(parseStat(`4242 (${name}) ${tail}\n`)).toEqual(expected);
      }),
    );
    expect(parseStat(`4242 (a) b) (c) R 1 2 3) ${tail}`)).toEqual(expected);
  });

  test("is refused where it is cut or something else", () => {
    expect(parseStat("")).toBeUndefined();
    expect(parseStat("4242 (cat) S 1 2")).toBeUndefined();
  });
});

describe("an environment block", () => {
  const block = Buffer.from("XMARK=0\0MARK=one\0PATH=/bin\0NOTE=MARK=two\0MARKER=3\0");

  test("has a marker only as a whole name at the beginning of an entry", () => {
    expect(findMarkers(block, ["MARK", "PATH", "MISSING"])).toEqual(["MARK=one", "PATH=/bin"]);
    expect(findMarkers(Buffer.from("A=1\0MARK=last"), ["MARK"])).toEqual(["MARK=last"]);
  });
});

describe("a line of ps", () => {
  test("is read with its start time and the marker in the environment after the command", () => {
    const line = "  501   499   501 S+   Mon Nov 23 20:56:01 2026     node a.js MARK=x-1 HOME=/Users/me";
    expect(parsePsLine(line, ["MARK"])).toEqual({
      pid: 501,
      parent: 499,
      group: 501,
      session: 0,
      startTime: String(Date.UTC(2026, 10, 23, 20, 56, 1) / 1000),
      zombie: false,
      markers: ["MARK=x-1"],
    });
  });

  test("is refused where it is a heading, and a zombie is known as one", () => {
    expect(parsePsLine("  PID  PPID  PGID STAT STARTED", [])).toBeUndefined();
    expect(parsePsLine("7 1 7 Z Sun Mar  1 01:02:03 2026 (sh)", [])).toMatchObject({
      pid: 7,
      zombie: true,
      markers: [],
    });
    expect(parsePsStart("never")).toBeUndefined();
  });
});

test("what lsof prints tells the file behind each output, by device and inode", () => {
  const text = "p501\nf1\nD0x1000004\ni12345\nf2\nD0x1000004\ni678\n";
  expect([parseLsof(text, 1), parseLsof(text, 2)]).toEqual(["16777220:12345", "16777220:678"]);
  expect(parseLsof("p501\nf2\nD0x1\ni678\n", 1)).toBeUndefined();
  expect(parseLsof("", 1)).toBeUndefined();
});

test("a line of the Windows listing is read, anything else is not", () => {
  expect(parseWindowsLine("1234 4 1764000000000")).toMatchObject({ pid: 1234, parent: 4, startTime: "1764000000000" });
  expect(parseWindowsLine("ProcessId ParentProcessId")).toBeUndefined();
});

describe("the Windows listing", () => {
  /** The answer was given at 1_001_000, a second after the time it names. */
  const root = { pid: 100, startTime: "1000000", bootId: "windows" };
  const listing = (rootStart: number) =>
    [`100 4 ${rootStart}`, "104 100 1001500", "108 104 1002000", "112 4 1002000"].flatMap(
      (line) => parseWindowsLine(line) ?? [],
    );
  const familyIn = (rootStart: number): readonly number[] => {
    const rows = withAnsweredStarts(listing(rootStart), new Map([[root.pid, root.startTime]]));
    const family = { root, rootWatched: true, marker: "M=1", known: new Set<string>() };
    return findFamily(indexListing({ rows, incomplete: false }, 7), family).map(({ pid }) => pid);
  };

  test("tells who descends from an attempt that still runs, so that a stop finds them once their parents are gone", () => {
    for (const rootStart of [997_000, 1_000_900, 1_001_000]) expect(familyIn(rootStart)).toEqual([104, 108]);
  });

  test("gives an attempt nobody's children where its number was given out again", () => {
    for (const rootStart of [1_001_001, 1_001_400]) expect(familyIn(rootStart)).toEqual([]);
  });
});

test("a signal to nobody in particular is sent to nobody, and not to our own group or to everybody", () => {
  for (const pid of [0, 1, -1]) expect(sendSignal(pid, "SIGKILL")).toBe(false);
});

describe.skipIf(process.platform !== "linux")("Linux", () => {
  const platform = createLinuxPlatform();

  test("signals nobody whose start time is not the one remembered: a process number is given out again", async () => {
    const child = spawn("/bin/sleep", ["1000"]);
    const pid = child.pid ?? 0;
    const startTime = platform.startTime(pid) ?? "";
    expect(platform.signal({ pid, startTime: `${startTime}0`, bootId: "" }, "SIGKILL", "process")).toBe(false);
    expect(platform.signal({ pid, startTime, bootId: "" }, "SIGKILL", "process")).toBe(true);
    expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
    expect(platform.signal({ pid, startTime, bootId: "" }, "SIGKILL", "process")).toBe(false);
  });
});
