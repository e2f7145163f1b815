/** How programs end, and what they leave behind, through the built program. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "@claude-orchestrator/domain";
import {
  initLine,
  resultLine,
  textLine,
  type FakeStep,
  type ForkKind,
  type StartFacts,
} from "@claude-orchestrator/testkit";
import { processesWith } from "../support/leftovers.ts";
import { aroundOf, claude, command, factsOf, startFaults, tokensOf, untouched } from "./rig.ts";
import type { Behaviour, FaultEnd, FaultRun } from "./rig.ts";

const line = (value: JsonObject): FakeStep => ({ do: "emit", line: value });
const begin = line(initLine());
const message = line(textLine("at work", { id: "msg_work", tokens: { input: 9, output: 4 } }));
const result = line(resultLine("done", { tokens: { input: 90, output: 40 }, costUsd: 0.9 }));
const print = (text: string): FakeStep => ({ do: "print", text });
const exit = (code: number): FakeStep => ({ do: "exit", code });
const signal = (name: NodeJS.Signals): FakeStep => ({ do: "signal", signal: name });
const fork = (how: ForkKind, pidFile: string): FakeStep => ({ do: "fork", how, pidFile });
const fixture = (name: string): Behaviour => ({ fixture: name, text: "done" });
const asClaude = (name: string): Behaviour => ({
  fixture: name,
  text: JSON.stringify(resultLine("done", { tokens: { input: 90, output: 40 }, costUsd: 0.9 })),
});

const exitCodes = [1, 2, 127, 255] as const;
const signals = ["SIGSEGV", "SIGKILL", "SIGTERM"] as const;
const forks = ["child", "session", "orphan", "holding"] as const satisfies readonly ForkKind[];
const restless = ["respawns.mjs", "relays.sh"] as const;
const silent = [
  ["idle_timeout", "printed nothing for 2s (idle_timeout)"],
  ["first_event_timeout", "printed nothing in its first 2s (first_event_timeout)"],
] as const;

let run: FaultRun;
let end: FaultEnd;

beforeAll(async () => {
  run = await startFaults([
    ...exitCodes.flatMap((code) => [
      command(`exit ${code}`, [print("words\n"), { do: "print", text: "why\n", to: "stderr" }, exit(code)]),
      claude(`claude exit ${code}`, [begin, message, exit(code)]),
    ]),
    claude("claude exit 1 after success", [begin, message, result, exit(1)]),
    ...signals.flatMap((name) => [
      command(name, [print("words\n"), signal(name), { do: "hang" }]),
      claude(`claude ${name}`, [begin, message, signal(name), { do: "hang" }]),
    ]),
    ...forks.flatMap((how) => [
      command(`leaves ${how}`, [fork(how, `command-${how}.pid`), print("done\n")]),
      claude(`claude leaves ${how}`, [begin, fork(how, `claude-${how}.pid`), result]),
    ]),
    ...restless.flatMap((name) => [command(name, fixture(name)), claude(`claude ${name}`, asClaude(name))]),
    ...silent.flatMap(([timer]) => [
      command(timer, [{ do: "hang" }], { [timer]: "2s" }),
      claude(`claude ${timer}`, [{ do: "hang" }], { [timer]: "2s" }),
    ]),
    // Without an end of its input each of them would still be there when its time is up.
    command("reads input", fixture("readsInput.sh"), { timeout: "1m" }),
    claude("claude reads input", [begin, { do: "report", path: "facts.json" }, result], { timeout: "1m" }),
    command("is not there", [], { run: ["./no-such-program"] }),
  ]);
  end = await run.ended;
});

afterAll(() => run[Symbol.asyncDispose]());

test("however programs end, nothing of the run is left two seconds later, and the neighbour is right", () => {
  expect(end.exitCode).toBe(1);
  expect(aroundOf(end)).toEqual(untouched);
});

describe("an exit code", () => {
  test.for(exitCodes)("%i is a failure that says so, with the last words", (code) => {
    expect(factsOf(end, `exit ${code}`)).toEqual({
      verdict: "failed",
      reason: `it exited with code ${code}: why`,
      result: "words",
      exit: { code, swept: 0 },
      unreadable: 0,
    });
    expect(factsOf(end, `claude exit ${code}`)).toEqual({
      verdict: "failed",
      reason: `it exited with code ${code}`,
      result: undefined,
      exit: { code, swept: 0 },
      unreadable: 0,
    });
    expect(tokensOf(end, `claude exit ${code}`)).toMatchObject({ input: 9, output: 4, final: false });
  });

  test("other than 0 is a failure although the agent said that it succeeded, and what it spent is counted", () => {
    expect(factsOf(end, "claude exit 1 after success")).toMatchObject({
      verdict: "failed",
      reason: "it exited with code 1 although it reported success",
      result: "done",
      exit: { code: 1, swept: 0 },
    });
    expect(tokensOf(end, "claude exit 1 after success")).toEqual({ input: 90, output: 40, final: true, costUsd: 0.9 });
  });

  test("that is never given, since the program is not there, is a failure with the reason", () => {
    expect(factsOf(end, "is not there")).toMatchObject({
      verdict: "failed",
      reason: "`./no-such-program` could not be started: there is no such program (ENOENT)",
      exit: { spawnError: "ENOENT", swept: 0 },
    });
  });
});

describe("a signal that was not ours", () => {
  test.for(signals)("%s is a failure that names it", (name) => {
    expect(factsOf(end, name)).toMatchObject({
      verdict: "failed",
      reason: `it was ended by ${name}`,
      result: "words",
      exit: { signal: name, swept: 0 },
    });
    expect(factsOf(end, `claude ${name}`)).toMatchObject({
      verdict: "failed",
      reason: `its process was ended by ${name}, which was not our doing`,
      exit: { signal: name, swept: 0 },
    });
    expect(tokensOf(end, `claude ${name}`)).toMatchObject({ input: 9, output: 4, final: false });
  });
});

describe("a process left behind", () => {
  test.for(forks)("(%s) is ended and counted, and changes nothing of the verdict", (how) => {
    const done = { verdict: "succeeded", reason: "done", result: "done", exit: { code: 0, swept: 1 }, unreadable: 0 };
    expect(factsOf(end, `leaves ${how}`)).toEqual(done);
    expect(factsOf(end, `claude leaves ${how}`)).toEqual(done);
    expect(tokensOf(end, `claude leaves ${how}`)).toEqual({ input: 90, output: 40, final: true, costUsd: 0.9 });
    for (const agent of ["command", "claude"]) {
      // It says its number as it sees it itself, which is another one outside of its namespace: it is known by its words.
      expect(run.rig.read(`${agent}-${how}.pid`)).toMatch(/^\d+$/);
      const left = processesWith(run.rig.environment["HOME"] ?? "");
      expect(left.filter((each) => each.command.includes(`${agent}-${how}.pid`))).toEqual([]);
    }
  });

  test.for(restless)("(%s) is ended although another takes its place each time", (name) => {
    for (const instance of [name, `claude ${name}`]) {
      expect(factsOf(end, instance)).toMatchObject({ verdict: "succeeded", result: "done" });
      expect(factsOf(end, instance).exit).toMatchObject({ code: 0 });
    }
  });
});

describe("a program that never writes", () => {
  test.for(silent)("is ended by %s", ([timer, reason]) => {
    for (const instance of [timer, `claude ${timer}`]) {
      expect(factsOf(end, instance)).toMatchObject({ verdict: "timed_out", reason, unreadable: 0 });
    }
  });
});

describe("standard input", () => {
  test("is at its end from the start", () => {
    expect(factsOf(end, "reads input")).toMatchObject({ verdict: "succeeded", result: "done" });
    expect(factsOf(end, "claude reads input")).toMatchObject({ verdict: "succeeded", result: "done" });
    expect((JSON.parse(run.rig.read("facts.json")) as StartFacts).stdin).toBe("");
  });
});
