import { listTranscripts, readTranscript } from "@claude-orchestrator/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jobOf, outcomeOf, parse, recordedLines, strangeLine, tokens } from "../testing/parsing.ts";
import type { Outcome } from "../testing/parsing.ts";
import { codex } from "./index.ts";

const job = jobOf("codex", { model: "gpt-5.5" });
const budget = "BUDGET_EXCEEDED: run has spent $1.00 of $1.00";
const highDemand = "We’re currently experiencing high demand, which may cause temporary errors.";
const cut = "stream disconnected before completion: Transport error: network error: error decoding response body";
const spent = (end: string, tools: readonly string[], used = tokens(0, 0)): Outcome => ({ end, tools, tokens: used });
const one = tokens(1200, 42, { reasoning: 14 });
const two = tokens(2400, 84, { reasoning: 28 });
const cached = tokens(18_042, 392, { cacheRead: 29_000, reasoning: 130 });

/** The exit code each recorded run had is 0 where it succeeded, 1 where not; see the notes beside each case. */
const recordings: Readonly<Record<string, Outcome>> = {
  "01-text": spent("ok: Hello from the mock model.", [], one),
  "02-tool-bypass": spent("ok: The command printed hi.", ["command_execution ok"], cached),
  "03-tool-sandbox-ro": spent("ok: The command printed hi.", [], cached),
  "05-tool-write-ro": spent("ok: I wrote the file.", [], two),
  "06-fail": spent("ok: The command failed.", ["command_execution failed"], two),
  "07-thinking": spent("ok: Thought and answered.", [], tokens(1200, 120, { reasoning: 40 })),
  "09-two": spent("ok: Both ran.", ["command_execution ok", "command_execution ok"], two),
  "20-err-400": spent("invalid_request 400: messages.0: something is wrong", []),
  "20-err-401": spent("authentication 401: invalid x-api-key", []),
  "20-err-402": spent(`budget 402: ${budget}`, []),
  "20-err-403": spent(`budget 403: ${budget}`, []),
  "20-err-413": spent("invalid_request 413: Request too large", []),
  "20-err-429": spent("rate_limit 429: exceeded retry limit, last status: 429 Too Many Requests", []),
  "20-err-429-long": spent("no word", []),
  "20-err-500": spent(`overload -: ${highDemand}`, []),
  "20-err-529": spent("overload 529: Overloaded", []),
  "20-err-cut": spent(`connection -: ${cut}`, []),
  "20-err-stream-error": spent("overload -: Selected model is at capacity. Please try a different model.", []),
  "21-429-once": spent("ok: OK after one 429.", [], one),
  "21-500-once": spent("ok: OK after a 500.", [], one),
  "21-budget-mid": spent(`budget 402: ${budget}`, ["command_execution ok"]),
  "21-budget-mid-403": spent(`budget 403: ${budget}`, ["command_execution ok"]),
  "21-budget-soft": spent("ok: [orchestrator] budget spent; stopping.", ["command_execution ok"], one),
  "22-noretry-429": spent("rate_limit 429: exceeded retry limit, last status: 429 Too Many Requests", []),
  "22-noretry-529": spent("overload 529: Overloaded", []),
  "25-builtin-openai_base_url": spent("ok: Hello from the mock model.", [], one),
  "27-builtin-426": spent("ok: Hello from the mock model.", [], one),
  "31-sigint-tool": spent("no word", []),
  "32-sigterm-stream": spent("no word", []),
  "33-sigint-stream": spent("no word", []),
  "37-native-sigterm-tool": spent("no word", []),
  "50-patch": spent("ok: Patched.", ["file_change ok"], two),
  "51-plan": spent("ok: Planned.", [], two),
  "54-mcp": spent("ok: MCP said five.", [], two),
  "55-schema": spent('ok: ```json\n{"ok": true, "n": 3}\n```', [], one),
  "60-resume": spent("ok: Hello from the mock model.", [], tokens(19_242, 434, { cacheRead: 29_000, reasoning: 144 })),
};

function read(name: string): readonly string[] {
  return recordedLines("codex", name);
}

describe("what codex printed", () => {
  test("is known for every recording there is", () => {
    expect(Object.keys(recordings).toSorted()).toEqual(listTranscripts("codex"));
  });

  test.each(Object.entries(recordings))("in %s is understood to the last line", (name, expected) => {
    const code = expected.end.startsWith("ok") ? 0 : 1;
    const events = parse(codex, { stdout: read(name), exit: { code } }, job);
    expect(events.filter((event) => event.type === "unreadable")).toEqual([]);
    expect(outcomeOf(events)).toEqual(expected);
  });

  test("before a retry of its own is waiting, not failure", () => {
    const waiting = parse(codex, { stdout: read("20-err-429-long"), exit: { signal: "SIGKILL" } }, job);
    expect(waiting.at(-1)).toEqual({
      type: "waiting",
      why: "rate_limit",
      text: "Reconnecting... 1/5 (exceeded retry limit, last status: 429 Too Many Requests)",
    });
  });

  test("as a warning is a note, and the run goes on", () => {
    const events = parse(codex, { stdout: read("01-text"), exit: { code: 0 } }, job);
    expect(events.map((event) => event.type)).toEqual(["session", "note", "message", "totals", "finished"]);
  });

  test("as its session is told with the model that was asked for", () => {
    expect(parse(codex, { stdout: read("02-tool-bypass"), exit: { code: 0 } }, job)[0]).toEqual({
      type: "session",
      sessionId: "01a2078a-674d-7bb1-85a2-f4c9fba7557a",
      model: "gpt-5.5",
    });
  });

  test("in the shape that json_schema asks for is handed on as structured output, out of its code fence", () => {
    const asked = jobOf("codex", { jsonSchema: { type: "object" } });
    expect(parse(codex, { stdout: read("55-schema"), exit: { code: 0 } }, asked).at(-1)).toMatchObject({
      structured: { ok: true, n: 3 },
    });
  });
});

describe("tokens of a resumed session, which codex counts from the session's beginning", () => {
  const tokensOf = (more: Parameters<typeof jobOf>[2]): unknown =>
    parse(codex, { stdout: read("60-resume"), exit: { code: 0 } }, jobOf("codex", {}, more)).filter((event) =>
      ["totals", "note"].includes(event.type),
    );

  test("are told less what this run has counted for it before", () => {
    expect(tokensOf({ resumeSession: "x", countedBefore: cached })).toEqual([
      { type: "totals", byModel: [{ model: "unknown", usage: tokens(1200, 42, { reasoning: 14 }) }] },
    ]);
  });

  test("are not told where the count before is not known", () => {
    expect(tokensOf({ resumeSession: "x" })).toEqual([
      { type: "note", text: "codex counts tokens over the whole session: what this turn alone used is not known" },
    ]);
  });
});

describe("an end without a word on standard output", () => {
  const end = (stderr: readonly string[], code: number): string =>
    outcomeOf(parse(codex, { stderr, exit: { code } })).end;

  test("is explained by standard error", () => {
    expect(end(readTranscript("codex", "14-nogit", "stderr").split("\n"), 1)).toBe(
      "agent_error -: Not inside a trusted directory and --skip-git-repo-check was not specified.",
    );
    expect(
      end(["Error: thread/resume: thread/resume failed: no rollout found for thread id 01a2 (code -32600)"], 1),
    ).toMatch(/^session_not_found/);
    expect(end(["error: unexpected argument '--bogus' found"], 2)).toMatch(/^bad_invocation/);
  });

  test("is left to the exit code where standard error says nothing either", () => {
    expect(end(["Reading additional input from stdin..."], 1)).toBe("no word");
  });
});

test("a home under a temporary folder, where the sandbox fails without a word, is noted", () => {
  const stderr = readTranscript("codex", "14-nogit", "stderr").split("\n").slice(0, 1);
  expect(parse(codex, { stderr, exit: { code: 0 } })).toEqual([
    expect.objectContaining({ type: "note", text: expect.stringContaining("temporary folder") as unknown }),
  ]);
});

test("no line whatever makes the parser throw", () => {
  fc.assert(
    fc.property(
      fc.array(strangeLine("codex")),
      fc.array(fc.string()),
      fc.option(fc.nat(255)),
      (stdout, stderr, code) => {
        parse(codex, { stdout, stderr, exit: code === null ? { signal: "SIGTERM" } : { code } }, job);
      },
    ),
  );
});

test("lines it does not know change nothing but the count of unreadable ones", () => {
  const lines = read("02-tool-bypass");
  fc.assert(
    fc.property(fc.nat(lines.length), fc.string(), (at, word) => {
      const more = [...lines.slice(0, at), JSON.stringify({ type: `new.${word}`, item: null }), ...lines.slice(at)];
      const events = parse(codex, { stdout: more, exit: { code: 0 } }, job);
      expect(events.filter((event) => event.type === "unreadable")).toHaveLength(1);
      expect(outcomeOf(events)).toEqual(recordings["02-tool-bypass"]);
    }),
  );
});
