import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instanceOf, jobOf, outcomeOf, parse } from "../testing/parsing.ts";
import { command } from "./index.ts";
import { keepWithin } from "./keptText.ts";

describe("a command", () => {
  test("is run as the words it is written in", () => {
    const argv = ["npm", "run", "say $HOME", "--", "-x"];
    expect(command.invocation(jobOf("command", { work: { kind: "argv", argv } }))).toEqual({
      argv,
      env: {},
      files: {},
    });
  });

  test("written as a script is handed to the shell as it stands", () => {
    const work = { kind: "script", script: 'echo "$RESULT" && exit 3' } as const;
    const argvIn = (cwd: string) => command.invocation(jobOf("command", { work, cwd })).argv;
    expect(argvIn("/project")).toEqual(["/bin/sh", "-c", work.script]);
    expect(argvIn(String.raw`C:\project`)).toEqual(["cmd.exe", "/d", "/s", "/c", work.script]);
  });

  test("has what it printed as its result, JSON lines of other agents included", () => {
    const stdout = ['{"type":"result","is_error":true}', "", "done"];
    expect(parse(command, { stdout, exit: { code: 0 } })).toEqual([
      { type: "message", text: '{"type":"result","is_error":true}' },
      { type: "message", text: "done" },
      { type: "finished", ok: true, result: '{"type":"result","is_error":true}\n\ndone' },
    ]);
  });

  test("that printed nothing and exited with 0 has succeeded", () => {
    expect(outcomeOf(parse(command, { exit: { code: 0 } })).end).toBe("ok: ");
  });

  test("that exited with another code has failed, with its last word of standard error", () => {
    const events = parse(command, { stdout: ["half"], stderr: ["a", "2 tests failed", " "], exit: { code: 3 } });
    expect(events.at(-1)).toEqual({
      type: "finished",
      ok: false,
      result: "half",
      failure: { kind: "agent_error", message: "it exited with code 3: 2 tests failed" },
    });
  });

  test("ended by a signal has crashed; one that never ran has nothing to say", () => {
    expect(outcomeOf(parse(command, { exit: { signal: "SIGSEGV" } })).end).toBe("crash -: it was ended by SIGSEGV");
    expect(parse(command, { exit: { spawnError: "ENOENT" } })).toEqual([]);
  });

  test("without `run` is a problem, and so is a field for a model", () => {
    expect(command.problems(instanceOf("command"))).toEqual(["agent `command` needs `run`: an argv list, or a script"]);
    expect(
      command.problems(instanceOf("command", { work: { kind: "script", script: "true" }, model: "x", maxTurns: 1 })),
    ).toEqual([
      "`model` does not work with agent `command`: it calls no model",
      "`max_turns` does not work with agent `command`: it calls no model",
    ]);
  });
});

describe("what is kept of a long output", () => {
  test("is its newest whole lines, under a line that says how many are missing", () => {
    const kept = keepWithin(12);
    for (const line of ["one", "two", "three", "four"]) kept.add(line, 0);
    expect(kept.text()).toBe("[2 lines left out: see the raw output]\nthree\nfour");
  });

  test("never includes a line that was cut", () => {
    const kept = keepWithin(12);
    kept.add("one", 0);
    kept.add("cut off he", 90);
    kept.add("x".repeat(13), 0);
    expect(kept.text()).toBe("[2 lines left out: see the raw output]\none");
  });

  test("is never more than the limit, and always the newest lines in order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 9 }), { maxLength: 40 }),
        fc.integer({ min: 10, max: 60 }),
        (lines, limit) => {
          const words = lines.map((line, index) => `${index}${line.replaceAll(/\s/g, "")}`.slice(0, 9));
          const kept = keepWithin(limit);
          for (const line of words) kept.add(line, 0);
          const said = kept.text().replace(/^\[\d+ lines? left out: see the raw output\]\n/, "");
          expect(said.length).toBeLessThanOrEqual(limit);
          expect(words.join("\n").endsWith(said)).toBe(true);
        },
      ),
    );
  });

  test("costs the same for a million lines as for a thousand", () => {
    const kept = keepWithin(1000);
    for (let index = 0; index < 1_000_000; index += 1) kept.add("line", 0);
    expect(kept.text()).toMatch(/^\[999800 lines left out/);
  });
});
