import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFolderTooLong, spawnEnvironment, spawnWords } from "./spawnWords.ts";

const shell = ["/d", "/s", "/c"] as const;

describe("the words of a program", () => {
  test("reach cmd.exe as they were written: what stands between the outer quotes is the script", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom("cmd.exe", "CMD", "C:\\Windows\\System32\\cmd.exe"),
        (script, program) => {
          const words = spawnWords([program, ...shell, script], "win32");
          expect(words).toEqual({ program, args: [...shell, `"${script}"`], windowsVerbatimArguments: true });
        },
      ),
    );
  });

  test("are left alone for every other program and every other system, and where no script is meant", () => {
    const word = 'echo "two words"';
    for (const [argv, platform] of [
      [["cmd.exe", ...shell, word], "linux"],
      [["node.exe", ...shell, word], "win32"],
      [["notcmd.exe", ...shell, word], "win32"],
      [["cmd.exe", "/c", word], "win32"],
      [["cmd.exe", "/s", word], "win32"],
      [["cmd.exe"], "win32"],
    ] as const) {
      const [program, ...args] = argv;
      expect(spawnWords([program, ...args], platform)).toEqual({ program, args });
    }
  });
});

describe("the environment of a process", () => {
  const variables = { Path: "C:\\Windows", HOME: "C:\\Users\\me", PATH: "C:\\mine", path: "C:\\last" };

  test("has each name once on Windows, with what was said last, and as it is elsewhere", () => {
    expect(spawnEnvironment(variables, "win32")).toEqual({ HOME: "C:\\Users\\me", path: "C:\\last" });
    expect(spawnEnvironment(variables, "linux")).toEqual(variables);
  });
});

test("a folder is too long to begin in where Windows says so, and nowhere else", () => {
  const [longest, longer] = ["C:\\".padEnd(258, "x"), "C:\\".padEnd(259, "x")];
  expect([longest, longer].map((folder) => isFolderTooLong(folder, "win32"))).toEqual([false, true]);
  expect(isFolderTooLong(longer, "linux")).toBe(false);
});
