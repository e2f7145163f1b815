/** What programs print, through the built program: lines of any length, any bytes. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "@claude-orchestrator/domain";
import { initLine, resultLine, textLine, type FakeScript, type FakeStep } from "@claude-orchestrator/testkit";
import { aroundOf, attemptOf, claude, command, factsOf, rawOutput, startFaults, tokensOf, untouched } from "./rig.ts";
import type { FaultEnd, FaultRun } from "./rig.ts";

const megabyte = 1_048_576;
const line = (value: JsonObject): FakeStep => ({ do: "emit", line: value });
const print = (text: string): FakeStep => ({ do: "print", text });
const bytes = (...parts: readonly (string | readonly number[])[]): FakeStep => {
  const whole = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));
  return { do: "bytes", base64: whole.toString("base64") };
};

/** Tokens that are this instance's alone. */
const spent = (input: number): JsonObject => resultLine("done", { tokens: { input, output: input * 2 }, costUsd: 0.5 });
const counted = (input: number) => ({ input, output: input * 2, final: true, costUsd: 0.5 });
const done = { verdict: "succeeded", reason: "done", exit: { code: 0, swept: 0 }, unreadable: 0 } as const;

/** A message whose text is `size` characters long, made where it is printed. */
function longMessage(size: number): readonly FakeStep[] {
  const [before = "", after = ""] = JSON.stringify(textLine("@@", { id: "msg_long" })).split("@@");
  return [print(before), { do: "fill", count: size, character: "y" }, print(`${after}\n`)];
}

const longLine = (size: number): FakeScript => [{ do: "fill", count: size, character: "x" }, print("\nafter\n")];

let run: FaultRun;
let end: FaultEnd;

beforeAll(async () => {
  const split = JSON.stringify(resultLine("one €, two 😀", { tokens: { input: 31, output: 62 }, costUsd: 0.5 }));
  run = await startFaults([
    command("1 MB", longLine(megabyte)),
    command("10 MB", longLine(10 * megabyte)),
    command("100 MB", longLine(100 * megabyte)),
    command("no newline", [print("one\ntwo")]),
    command("invalid UTF-8", [bytes("a", [0xff, 0xc3], "b\n")]),
    command("split UTF-8", { fixture: "splitsCharacter.mjs", text: "one €, two 😀" }),
    command("CRLF", [print("one\r\ntwo\r\n")]),
    command("NUL", [bytes("a", [0], "b\n")]),
    command("10 MB of stderr", [
      { do: "repeat", times: 100, steps: [{ do: "print", text: `${"e".repeat(104_857)}\n`, to: "stderr" }] },
      print("done\n"),
    ]),
    command("cuts its output", [], { run: "echo one; sleep 0.2; : > /dev/stdout; echo two" }),
    command("leaves at once", { fixture: "exitsBeforeFlushing.mjs", text: "y".repeat(99), last: "last" }),

    claude("claude 1 MB", [line(initLine()), ...longMessage(megabyte), line(spent(1))]),
    claude("claude 10 MB", [line(initLine()), ...longMessage(10 * megabyte), line(spent(10))]),
    claude("claude 100 MB", [line(initLine()), ...longMessage(100 * megabyte), line(spent(100))]),
    claude("claude 1 MB result", [
      print(JSON.stringify(spent(11)).split('"done"')[0] ?? ""),
      print('"'),
      { do: "fill", count: megabyte, character: "r" },
      print(`"${JSON.stringify(spent(11)).split('"done"')[1] ?? ""}\n`),
    ]),
    claude("claude no newline", [line(initLine()), print(JSON.stringify(spent(21)))]),
    claude("claude invalid UTF-8", [
      bytes([0xff, 0xfe, 0x80], "\n"),
      bytes(JSON.stringify(spent(22)).replace("done", "do"), "\n"),
      bytes(
        ...JSON.stringify(spent(23))
          .split("done")
          .flatMap((part, at) => (at === 0 ? [part, "do", [0xe2, 0x82], "ne"] : [part])),
        "\n",
      ),
    ]),
    claude("claude split UTF-8", { fixture: "splitsCharacter.mjs", text: split }),
    claude("claude CRLF", [print(`${JSON.stringify(initLine())}\r\n\r\n${JSON.stringify(spent(24))}\r\n`)]),
    claude("claude NUL", [bytes([0], "\n"), bytes("{", [0], "}\n"), line(spent(25))]),
    claude("claude invalid JSON", [
      print('{"type":"assistant","message":{"usage":{"output_tokens":99999\n'),
      print(`${"[".repeat(100_000)}\n`),
      print('null\n42\n"text"\n[]\n[[]]\n{}\nUsed 99999 tokens\n'),
      line(spent(26)),
    ]),
    claude("claude 10 MB of stderr", [
      { do: "fill", count: 10 * megabyte, character: "e", to: "stderr" },
      line(spent(27)),
    ]),
    claude("claude leaves at once", {
      fixture: "exitsBeforeFlushing.mjs",
      text: JSON.stringify(textLine("again", { id: "msg_same", tokens: { input: 5, output: 6 } })),
      last: JSON.stringify(spent(28)),
    }),
  ]);
  end = await run.ended;
});

afterAll(() => run[Symbol.asyncDispose]());

test("a run of programs that print anything succeeds, and its neighbour is right", async ({ annotate }) => {
  expect([end.exitCode, end.stderr]).toEqual([0, expect.not.stringContaining("error")]);
  expect(aroundOf(end)).toEqual(untouched);
  await annotate(`peak memory of the program: ${end.peakMegabytes.toFixed(0)} MB`);
});

describe("of a program of the person's own", () => {
  test.for([
    ["1 MB", 1],
    ["10 MB", 10],
    ["100 MB", 100],
  ] as const)("a line of %s is left out of the result, and kept on disk", ([name, megabytes]) => {
    expect(factsOf(end, name)).toEqual({ ...done, result: "[1 line left out: see the raw output]\nafter" });
    expect(rawOutput(end, name).length).toBe(megabytes * megabyte + "\nafter\n".length);
  });

  test.for([
    ["no newline", "one\ntwo"],
    ["invalid UTF-8", "a\uFFFD\uFFFDb"],
    ["split UTF-8", "one €, two 😀"],
    ["CRLF", "one\ntwo"],
    ["NUL", "a\0b"],
    ["10 MB of stderr", "done"],
  ] as const)("%s: the result is what it printed", ([name, result]) => {
    expect(factsOf(end, name)).toEqual({ ...done, result });
  });

  test("the bytes kept on disk are the bytes printed", () => {
    expect(rawOutput(end, "invalid UTF-8")).toEqual(Buffer.from([0x61, 0xff, 0xc3, 0x62, 0x0a]));
    expect(rawOutput(end, "10 MB of stderr", "stderr").length).toBe(100 * 104_858);
  });

  test("what it prints after cutting its own output file is read", () => {
    expect(factsOf(end, "cuts its output")).toMatchObject({ ...done, result: expect.stringMatching(/^(one\n)?two$/) });
  });

  test("nothing is lost where it leaves at once after 2.5 MB", () => {
    expect(rawOutput(end, "leaves at once").length).toBe(2_500_005);
    expect(factsOf(end, "leaves at once").result?.endsWith("\nlast")).toBe(true);
  });
});

describe("of Claude Code", () => {
  test.for([
    ["claude 1 MB", 1],
    ["claude 10 MB", 10],
    ["claude no newline", 21],
    ["claude CRLF", 24],
    ["claude 10 MB of stderr", 27],
  ] as const)("%s: result and tokens are exact", ([name, input]) => {
    expect({ ...factsOf(end, name), ...tokensOf(end, name) }).toEqual({ ...done, result: "done", ...counted(input) });
  });

  test("a line of 100 MB is counted as unreadable, and what follows it is read", () => {
    expect({ ...factsOf(end, "claude 100 MB"), ...tokensOf(end, "claude 100 MB") }).toEqual({
      ...done,
      unreadable: 1,
      result: "done",
      ...counted(100),
    });
    expect(rawOutput(end, "claude 100 MB").length).toBeGreaterThan(100 * megabyte);
  });

  test("an answer of 1 MB is whole", () => {
    expect(attemptOf(end, "claude 1 MB result").result).toBe("r".repeat(megabyte));
    expect(tokensOf(end, "claude 1 MB result")).toEqual(counted(11));
  });

  test("bytes that are no UTF-8 spoil neither the line they are in nor another", () => {
    const name = "claude invalid UTF-8";
    expect(factsOf(end, name)).toEqual({ ...done, unreadable: 1, result: "do\uFFFDne" });
    expect(tokensOf(end, name)).toEqual({ input: 45, output: 90, final: true, costUsd: 1 });
  });

  test("characters that come in pieces are whole", () => {
    expect(factsOf(end, "claude split UTF-8")).toEqual({ ...done, result: "one €, two 😀" });
    expect(tokensOf(end, "claude split UTF-8")).toEqual(counted(31));
  });

  test.for([
    ["claude NUL", 2, 25],
    ["claude invalid JSON", 9, 26],
  ] as const)("%s: each line that cannot be read is counted, and adds no tokens", ([name, unreadable, input]) => {
    expect({ ...factsOf(end, name), ...tokensOf(end, name) }).toEqual({
      ...done,
      unreadable,
      result: "done",
      ...counted(input),
    });
  });

  test("nothing is lost where it leaves at once after megabytes, and a call told 25,000 times is counted once", () => {
    expect(factsOf(end, "claude leaves at once")).toEqual({ ...done, result: "done" });
    expect(tokensOf(end, "claude leaves at once")).toEqual(counted(28));
  });
});
