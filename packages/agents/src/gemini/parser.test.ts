import { listTranscripts, readTranscript } from "@claude-orchestrator/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jobOf, outcomeOf, parse, recordedLines, strangeLine, tokens } from "../testing/parsing.ts";
import type { Outcome } from "../testing/parsing.ts";
import { gemini } from "./index.ts";

const budget = "BUDGET_EXCEEDED: run has spent $1.00 of $1.00";
const spent = (end: string, tools: readonly string[], used = tokens(0, 0)): Outcome => ({ end, tools, tokens: used });
/** With `auto` as the model a second, small model picks the first: both are told, both count. */
const cached = tokens(19_242, 434, { cacheRead: 29_000 });

const recordings: Readonly<Record<string, Outcome>> = {
  "01-text": spent("ok: Hello from the mock model.", [], tokens(2400, 84)),
  "05-tool-default": spent("ok: The command printed hi.", ["Bash failed"], cached),
  "06-tool-yolo": spent("ok: The command printed hi.", ["run_shell_command ok"], cached),
  "08-write-default": spent("ok: I wrote the file.", ["Bash failed"], tokens(3600, 126)),
  "09-read": spent("ok: I read the file.", ["read_file failed"], tokens(2400, 84)),
  "10-thinking": spent("ok: Thought and answered.", [], tokens(1200, 120)),
  "12-fail": spent("ok: The command failed.", ["run_shell_command ok"], tokens(2400, 84)),
  "13-unknown-tool": spent("ok: Recovered from unknown tool.", ["NoSuchTool failed"], tokens(2400, 84)),
  "14-session-id": spent("ok: Hello from the mock model.", [], tokens(1200, 42)),
  "20-err-400-budget": spent("budget 400: BUDGET_EXCEEDED: run run1 has spent $1.00 of $1.00", []),
  "20-err-401": spent("authentication 401: invalid x-api-key", []),
  "20-err-402": spent(`budget 402: ${budget}`, []),
  "20-err-404": spent("invalid_request -: model: nope", []),
  "20-err-429": spent("no word", []),
  "20-err-429-long": spent("no word", []),
  "20-err-500": spent("no word", []),
  "20-err-529": spent("no word", []),
  "20-err-cut": spent("connection -: terminated", []),
  "31-sigterm-tool": spent("no word", []),
  "32-sigint-tool": spent("no word", []),
  "34-sigint-stream": spent("no word", []),
  "35-sigkill-tool": spent("no word", []),
  "40-shell-not-granted": spent(
    "ok: The command printed hi.",
    ["Bash failed"],
    tokens(18_042, 392, { cacheRead: 29_000 }),
  ),
};

const read = (name: string): readonly string[] => recordedLines("gemini", name);

describe("what gemini printed", () => {
  test("is known for every recording there is", () => {
    expect(Object.keys(recordings).toSorted()).toEqual(listTranscripts("gemini"));
  });

  test.each(Object.entries(recordings))("in %s is understood to the last line", (name, expected) => {
    // SIGINT and SIGTERM end it with exit 0 as well: without a result that is no success.
    const events = parse(gemini, { stdout: read(name), exit: { code: 0 } });
    expect(events.filter((event) => event.type === "unreadable")).toEqual([]);
    expect(outcomeOf(events)).toEqual(expected);
  });

  test("a few words at a time is told as whole messages, before what comes after them", () => {
    const events = parse(gemini, { stdout: read("06-tool-yolo"), exit: { code: 0 } });
    expect(events.map((event) => (event.type === "message" ? event.text : event.type))).toEqual([
      "session",
      "I will run a command.",
      "tool-started",
      "tool-finished",
      "The command printed hi.",
      "totals",
      "finished",
    ]);
  });

  test("when it was cut off is not lost", () => {
    const events = parse(gemini, { stdout: read("34-sigint-stream"), exit: { code: 0 } });
    expect(events.at(-1)).toMatchObject({
      type: "message",
      text: expect.stringContaining("word0 word1 word2") as unknown,
    });
  });

  test("of thinking is inside the output", () => {
    const stats = { models: { m: { total_tokens: 100, input_tokens: 60, output_tokens: 30, cached: 10 } } };
    const stdout = [JSON.stringify({ type: "result", status: "success", stats })];
    expect(outcomeOf(parse(gemini, { stdout, exit: { code: 0 } })).tokens).toEqual(
      tokens(50, 40, { cacheRead: 10, reasoning: 10 }),
    );
  });

  test("about a guarded tool that was not offered, or a policy, is a refusal", () => {
    const call = (tool_name: string, type: string) => [
      JSON.stringify({ type: "tool_use", tool_id: "1", tool_name, parameters: { command: "ls" } }),
      JSON.stringify({ type: "tool_result", tool_id: "1", status: "error", error: { type, message: "No" } }),
    ];
    const denied = (tool: string, type: string) =>
      parse(gemini, { stdout: call(tool, type), exit: { code: 0 } }).filter((event) => event.type === "denied");
    expect(denied("write_file", "tool_not_registered")).toEqual([{ type: "denied", tool: "write_file", reason: "No" }]);
    expect(denied("anything", "policy_violation")).toHaveLength(1);
    expect(denied("made_up", "tool_not_registered")).toEqual([]);
  });
});

describe("what gemini says on standard error", () => {
  test("while it tries again is waiting", () => {
    const stderr = readTranscript("gemini", "20-err-429", "stderr").split("\n");
    const waiting = parse(gemini, { stderr, exit: { signal: "SIGKILL" } }).filter((event) => event.type === "waiting");
    expect(waiting[0]).toMatchObject({ why: "rate_limit" });
    expect(waiting.length).toBeGreaterThan(3);
  });

  test.each([
    [41, "Invalid auth method selected.", "authentication"],
    [42, 'Error resuming session: Invalid session identifier "x".', "session_not_found"],
    [42, 'Error starting session: Session ID "x" already exists.', "session_in_use"],
    [42, "No input provided", "bad_invocation"],
    [52, "Invalid settings", "bad_invocation"],
    [53, "Reached max session turns", "max_turns"],
    [145, "oops", "authentication"],
  ])("and its exit code %i explain an end without a result: %s", (code, line, kind) => {
    expect(outcomeOf(parse(gemini, { stderr: ["Ripgrep is not available.", line], exit: { code } })).end).toMatch(
      new RegExp(`^${kind} `),
    );
  });

  test("about an untrusted folder is answered with what to write", () => {
    const stderr = readTranscript("gemini", "00-untrusted", "stderr").split("\n");
    expect(outcomeOf(parse(gemini, { stderr, exit: { code: 55 } })).end).toContain("trust_workspace: true");
  });
});

test("no line whatever makes the parser throw", () => {
  fc.assert(
    fc.property(
      fc.array(strangeLine("gemini")),
      fc.array(fc.string()),
      fc.option(fc.nat(255)),
      (stdout, stderr, code) => {
        parse(gemini, { stdout, stderr, exit: code === null ? { signal: "SIGTERM" } : { code } }, jobOf("gemini"));
      },
    ),
  );
});

test("lines it does not know change nothing but the count of unreadable ones", () => {
  const lines = read("06-tool-yolo");
  fc.assert(
    fc.property(fc.nat(lines.length), fc.string(), (at, word) => {
      const more = [...lines.slice(0, at), JSON.stringify({ type: `new.${word}`, role: null }), ...lines.slice(at)];
      const events = parse(gemini, { stdout: more, exit: { code: 0 } });
      expect(events.filter((event) => event.type === "unreadable")).toHaveLength(1);
      expect(outcomeOf(events)).toEqual(recordings["06-tool-yolo"]);
    }),
  );
});
