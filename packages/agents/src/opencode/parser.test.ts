import { listTranscripts, readTranscript } from "@claude-orchestrator/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jobOf, outcomeOf, parse, recordedLines, strangeLine, tokens } from "../testing/parsing.ts";
import type { Outcome } from "../testing/parsing.ts";
import { opencode } from "./index.ts";

const job = jobOf("opencode", { model: "anthropic/claude-sonnet-4-5" });
const budget = "BUDGET_EXCEEDED: run has spent $1.00 of $1.00";
const failed = (end: string): Outcome => ({ end, tools: [], tokens: tokens(0, 0) });
const done = (answer: string, tools: readonly string[], used: Outcome["tokens"], costUsd: number): Outcome => ({
  end: `ok: ${answer}`,
  tools,
  tokens: used,
  costUsd,
});
const one = tokens(1200, 42);
const two = tokens(2400, 84);
const cached = tokens(42, 392, { cacheRead: 29_000, cacheWrite5m: 18_000 });

const recordings: Readonly<Record<string, Outcome>> = {
  "01-text": done("Hello from the mock model.", [], one, 0.00423),
  "02-tool": done("The command printed hi.", ["bash ok"], cached, 0.082206),
  "03-tool-ask": {
    end: "permission -: permission for bash was refused, and opencode ended there",
    tools: ["bash failed"],
    tokens: tokens(12, 350, { cacheRead: 5500, cacheWrite5m: 18_000 }),
    costUsd: 0.074436,
  },
  "04-fail": done("The command failed.", ["bash failed"], two, 0.00846),
  "05-write": done("I wrote the file.", ["write ok"], two, 0.00846),
  "06-subagent": done("Subagent finished; all done.", ["task ok"], tokens(4200, 142), 0.01473),
  "08-unknown": done("Recovered from unknown tool.", ["NoSuchTool failed"], two, 0.00846),
  // Its `output` leaves the thinking out: 234 + 116 and 28 + 14.
  "09-openai-responses": done(
    "The command printed hi.",
    ["bash ok"],
    tokens(18_042, 392, { cacheRead: 29_000, reasoning: 130 }),
    0.0300975,
  ),
  "10-resume": done("Hello from the mock model.", [], one, 0.00423),
  "13-three": done(
    "Done after three turns.",
    ["bash ok", "bash ok"],
    tokens(36, 1050, { cacheRead: 16_500, cacheWrite5m: 54_000 }),
    0.223308,
  ),
  "20-err-400-budget": failed("budget 400: BUDGET_EXCEEDED: run run1 has spent $1.00 of $1.00"),
  "20-err-402": failed(`budget 402: ${budget}`),
  "20-err-403": failed(`budget 403: ${budget}`),
  "20-err-404": failed("invalid_request 404: model: nope"),
  "31-sigterm-tool": failed("no word"),
  "32-sigint-tool": failed("no word"),
  "34-sigterm-stream": failed("no word"),
  "40-tool-not-granted": done("The command printed hi.", ["Bash failed"], cached, 0.082206),
  "41-rule-forbids": done("The command printed hi.", ["bash failed"], cached, 0.082206),
};

const read = (name: string): readonly string[] => recordedLines("opencode", name);
const exitOf = (name: string): { code: number } | { signal: string } =>
  /^3\d-sig|^34/.test(name) ? { signal: "SIGTERM" } : { code: name.startsWith("20-err") ? 1 : 0 };

describe("what opencode printed", () => {
  test("is known for every recording there is", () => {
    expect(Object.keys(recordings).toSorted()).toEqual(listTranscripts("opencode"));
  });

  test.each(Object.entries(recordings))("in %s is understood to the last line", (name, expected) => {
    const events = parse(opencode, { stdout: read(name), exit: exitOf(name) }, job);
    expect(events.filter((event) => event.type === "unreadable")).toEqual([]);
    expect(outcomeOf(events)).toEqual(expected);
  });

  test("of a refused call is a refusal, in each of the three ways it refuses", () => {
    const reasons = ["03-tool-ask", "40-tool-not-granted", "41-rule-forbids"].map((name) =>
      parse(opencode, { stdout: read(name), exit: { code: 0 } }, job).filter((event) => event.type === "denied"),
    );
    expect(reasons).toEqual([
      [{ type: "denied", tool: "bash", reason: "there was nobody to ask" }],
      [{ type: "denied", tool: "Bash", reason: "`permission_mode` does not grant it" }],
      [{ type: "denied", tool: "bash", reason: "a permission rule forbids it" }],
    ]);
  });

  test("of a step is counted at once, with the model that was asked for", () => {
    expect(parse(opencode, { stdout: read("01-text"), exit: { code: 0 } }, job)).toContainEqual({
      type: "totals",
      byModel: [{ model: "claude-sonnet-4-5", usage: one, costUsd: 0.00423 }],
    });
  });

  test("of sub-agents is noted as not counted, once", () => {
    const notes = parse(opencode, { stdout: read("06-subagent"), exit: { code: 0 } }, job).filter(
      (event) => event.type === "note",
    );
    expect(notes).toHaveLength(1);
  });

  test("of a cost of nothing for a model it has no price for is no cost", () => {
    const part = { reason: "stop", tokens: { input: 5, output: 1, cache: null }, cost: 0 };
    const events = parse(opencode, { stdout: [JSON.stringify({ type: "step_finish", part })], exit: { code: 0 } }, job);
    expect(events[0]).toEqual({ type: "totals", byModel: [{ model: "claude-sonnet-4-5", usage: tokens(5, 1) }] });
  });
});

describe("an end of opencode", () => {
  const ended = (reason: string, code = 0): string =>
    outcomeOf(
      parse(opencode, { stdout: [JSON.stringify({ type: "step_finish", part: { reason } })], exit: { code } }, job),
    ).end;

  test("with exit 0 in the middle of the work is no success", () => {
    expect(ended("tool-calls")).toBe("no word");
  });

  test("at the model's output limit is a failure", () => {
    expect(ended("length")).toBe("agent_error -: the answer was cut at the model's output limit");
  });

  test("with a last step but another exit code is no success", () => {
    expect(ended("stop", 1)).toBe("no word");
  });

  test("for want of the session is told on standard error", () => {
    const escape = String.fromCodePoint(27);
    const stderr = [`${escape}[91m${escape}[1mError: ${escape}[0mSession not found`];
    expect(outcomeOf(parse(opencode, { stderr, exit: { code: 1 } }, job)).end).toBe(
      "session_not_found -: Session not found",
    );
  });

  test("after a question nobody answered is not explained by standard error, which only repeats it", () => {
    const stderr = readTranscript("opencode", "03-tool-ask", "stderr").split("\n");
    expect(parse(opencode, { stderr, exit: { code: 0 } }, job)).toEqual([]);
  });
});

test("no line whatever makes the parser throw", () => {
  fc.assert(
    fc.property(
      fc.array(strangeLine("opencode")),
      fc.array(fc.string()),
      fc.option(fc.nat(255)),
      (stdout, stderr, code) => {
        parse(opencode, { stdout, stderr, exit: code === null ? { signal: "SIGTERM" } : { code } }, job);
      },
    ),
  );
});

test("lines it does not know change nothing but the count of unreadable ones", () => {
  const lines = read("02-tool");
  fc.assert(
    fc.property(fc.nat(lines.length), fc.string(), (at, word) => {
      const more = [...lines.slice(0, at), JSON.stringify({ type: `new.${word}`, part: null }), ...lines.slice(at)];
      const events = parse(opencode, { stdout: more, exit: { code: 0 } }, job);
      expect(events.filter((event) => event.type === "unreadable")).toHaveLength(1);
      expect(outcomeOf(events)).toEqual(recordings["02-tool"]);
    }),
  );
});
