import { costOf, subtractUsage, noUsage, addUsage, totalTokens } from "@claude-orchestrator/domain";
import type { AgentEvent, TokenUsage } from "@claude-orchestrator/domain";
import type { AgentJob } from "@claude-orchestrator/engine/ports";
import { listTranscripts, readTranscript } from "@claude-orchestrator/testkit";
import { describe, expect, test } from "vitest";
import { jobOf, outcomeOf, parse, tokens, type Outcome } from "../testing/parsing.ts";
import { claude } from "./index.ts";

const hello = "ok: Hello from the mock model.";
const text = { end: hello, tools: [], tokens: tokens(1200, 42), costUsd: 0.00564 };
const twoCalls = { tokens: tokens(2400, 84), costUsd: 0.01128 };
const cached = { tokens: tokens(42, 392, { cacheRead: 29_000, cacheWrite5m: 18_000 }), costUsd: 0.103808 };
const bash = { end: "ok: The command printed hi.", tools: ["Bash ok"], ...cached };
const nothing = { tools: [], tokens: noUsage };
const subAgent = {
  end: "ok: Subagent finished; all done.",
  tools: ["Agent ok", "Bash ok"],
  tokens: tokens(6900, 334),
  costUsd: 0.03428,
};
const rejected = "API Error: Request rejected (429)";
const asRoot = "--dangerously-skip-permissions cannot be used with root/sudo privileges for security reasons";
const overBudget = "API Error: 402 BUDGET_EXCEEDED: run";

/** Every recording: the exit code it ended with and what it comes to. Tools in the order in which they ended. */
const expected: Readonly<Record<string, Outcome>> = {
  "01-text": text,
  "02-json": text,
  "02b-json-verbose": text,
  "05-tool-bash-default": bash,
  "06-tool-bash-allowed": bash,
  "07-tool-write-default": { end: "ok: I wrote the file.", tools: ["Write failed"], ...twoCalls },
  "08-tool-write-acceptEdits": { end: "ok: I wrote the file.", tools: ["Write ok"], ...twoCalls },
  "10-bypass-root-sandbox": bash,
  "13-dontAsk": { end: "ok: The command failed.", tools: ["Bash failed"], ...twoCalls },
  "15-plan": { end: "ok: I wrote the file.", tools: ["Write failed"], ...twoCalls },
  "20-max-turns": {
    end: "max_turns -: Reached maximum number of turns (2)",
    tools: ["Bash ok", "Bash ok"],
    tokens: tokens(4000, 1000),
    costUsd: 0.036,
  },
  "21-max-budget": {
    end: "budget -: Reached maximum budget ($0.05)",
    tools: ["Bash ok", "Bash ok"],
    tokens: tokens(6000, 1500),
    costUsd: 0.054,
  },
  "22-session-id": text,
  "24-resume": text,
  "26-resume-missing": {
    end: "session_not_found -: No conversation found with session ID: 99999999-2222-4333-8444-555555555555",
    ...nothing,
  },
  "29c-model-unknown": text,
  "32-stdin-prompt": text,
  "40-slash-command": text,
  "41b-slash-nested2": text,
  "42-slash-model": { ...text, costUsd: 0.00141 },
  "43-slash-unknown": text,
  "44-slash-skill": text,
  "46-slash-compact": { end: "ok: ", ...nothing },
  "48-bare": text,
  "49-safe-mode": text,
  "50-setting-sources-none": text,
  "54-mcp": { end: "ok: MCP said five.", tools: ["mcp__demo__add ok"], ...twoCalls },
  "59-json-schema": { end: 'ok: ```json\n{"ok": true, "n": 3}\n```', tools: [], ...twoCalls },
  "60-err-400": { end: "invalid_request 400: API Error: 400 messages.0: something is wrong", ...nothing },
  "60-err-402": { end: `billing 402: ${overBudget} has spent $1.00 of $1.00`, ...nothing },
  "60-err-403": {
    end: "authentication 403: Failed to authenticate. API Error: 403 BUDGET_EXCEEDED: run has spent $1.00 of $1.00",
    ...nothing,
  },
  "60-err-429-noretry": { end: `rate_limit 429: ${rejected} · Budget spent: run is over its limit.`, ...nothing },
  "60-err-max-tokens": {
    end: expect.stringMatching(
      /^agent_error -: API Error: Claude's response exceeded the 128000 output token/,
    ) as string,
    tools: [],
    tokens: tokens(4800, 128_000),
    costUsd: 2.5792,
  },
  "60-err-refusal": {
    end: expect.stringMatching(/^refusal -: API Error: Opus 5.5's safeguards flagged this message/) as string,
    tools: [],
    ...twoCalls,
  },
  "61-budget-mid": {
    end: `billing 402: ${overBudget} has spent $1.00 of $1.00`,
    tools: ["Bash ok"],
    tokens: tokens(1200, 42),
    costUsd: 0.00564,
  },
  "62-err-429-long": { end: `rate_limit 429: ${rejected} · Come back later.`, ...nothing },
  "63-429-once": { ...text, end: "ok: OK after one 429." },
  "63-529-once": { ...text, end: "ok: OK after two 529s." },
  "63-cut-once": { end: "ok: OK after a cut stream.", tools: [], tokens: tokens(2400, 55), costUsd: 0.0107 },
  "64-429-maxretries2": {
    end: `rate_limit 429: ${rejected} · This request would exceed your rate limit.`,
    ...nothing,
  },
  "70-subagent": subAgent,
  "73-partial": bash,
  "74-thinking": { end: "ok: Thought and answered.", tools: [], tokens: tokens(1200, 120), costUsd: 0.0072 },
  "75-two-tools": { end: "ok: Both ran.", tools: ["Bash ok", "Bash ok"], ...twoCalls },
  "77-bash-fail": { end: "ok: The command failed.", tools: ["Bash failed"], ...twoCalls },
  "78b-bg-disabled": { end: "ok: Background started.", tools: ["Bash failed"], ...twoCalls },
  "79-hook-events": bash,
  "80-sigterm-tool": { ...nothing, end: "no word", tools: ["Bash failed"] },
  "81-sigint-tool": {
    end: "agent_error -: The turn was interrupted",
    tools: ["Bash failed"],
    tokens: tokens(1200, 42),
    costUsd: 0.00564,
  },
  "82-sigterm-stream": { ...nothing, end: "no word" },
  "83-sigint-stream": {
    end: "agent_error -: The turn was interrupted",
    tools: [],
    tokens: tokens(1200, 96),
    costUsd: 0.00672,
  },
  "85-sigkill-tool": { ...nothing, end: "no word" },
  "88-sigint-hang": { ...nothing, end: "no word" },
  "90-sji-two-turns": { end: hello, tools: [], ...twoCalls },
  "93-sji-initialize": text,
  "94-sji-interrupt": {
    end: "agent_error -: The turn was interrupted",
    tools: [],
    tokens: tokens(1200, 77),
    costUsd: 0.00634,
  },
  "95-sji-canusetool": { end: "ok: I wrote the file.", tools: ["Write ok"], ...twoCalls },
  "97-sji-garbage": {
    end: "bad_invocation -: Error parsing streaming input line (type=unknown, 8 chars): SyntaxError",
    ...nothing,
  },
  "a0-authtoken": text,
  "a2-custom-headers": text,
  "a6-config-dir": text,
  "ac-fallback-model": { end: expect.stringMatching(/^overload 529: API Error: 529 Overloaded/) as string, ...nothing },
  "b1-oauth-rl": { ...text, end: "ok: With unified rate limit headers.", costUsd: 0.00282 },
  "b5-402-custom": { end: `budget 402: ${overBudget} r1 spent $1.02 of $1.00`, ...nothing },
  "b9-startup-fail": { end: `bad_invocation -: ${asRoot}`, ...nothing },
  "ba-hang-timeout": { end: expect.stringMatching(/^connection -: Request timed out/) as string, ...nothing },
  "c1-usage-limit": { end: "usage_limit 429: You've hit your 5-hour limit · resets 10:17pm (UTC)", ...nothing },
  "c2-not-logged-in": { end: "authentication -: Not logged in · Please run /login", ...nothing },
  "c3-queued-turns": {
    end: "ok: The command printed hi.",
    tools: ["Bash ok", "Bash ok"],
    tokens: tokens(144, 868, { cacheRead: 105_000, cacheWrite5m: 36_000 }),
    costUsd: 0.109468,
  },
  "c4-subagent-foreground": {
    ...subAgent,
    tools: ["Bash ok", "Agent ok"],
    tokens: tokens(5700, 292),
    costUsd: 0.01432,
  },
  "c5-queued-402": { end: `budget 402: ${overBudget} r1 spent $1.02 of $1.00`, ...nothing },
  "d2-subagent-partial": subAgent,
  "e0-structured": {
    end: 'ok: {"ok":true}',
    tools: ["StructuredOutput ok"],
    tokens: tokens(1200, 42),
    costUsd: 0.00564,
  },
  "e1-structured-bad": {
    end: expect.stringMatching(/^structured_output -: Failed to provide valid structured output after 5/) as string,
    tools: Array.from({ length: 5 }, () => "StructuredOutput failed"),
    tokens: tokens(6000, 210),
    costUsd: 0.0282,
  },
  "e3-bad-mcp": text,
  "f0-otel": subAgent,
  "pr-sonnet-text": { ...text, costUsd: 0.00282 },
};

/** Recordings that ended with another code than 0 or, where a result came, 1. */
const exits: Readonly<Record<string, number>> = {
  "80-sigterm-tool": 143,
  "82-sigterm-stream": 143,
  "97-sji-garbage": 1,
};

/** What was printed, without the lines the recorder put in where it wrote to standard input. */
function printed(name: string): readonly string[] {
  return readTranscript("claude", name)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#STDIN"));
}

function stderrOf(name: string): readonly string[] {
  try {
    return readTranscript("claude", name, "stderr").split("\n");
  } catch {
    return [];
  }
}

function jobFor(name: string): AgentJob {
  const resumed = name === "24-resume" || name === "26-resume-missing";
  return jobOf("claude", {}, resumed ? { resumeSession: "11111111-2222-4333-8444-555555555555" } : {});
}

function eventsOf(name: string): readonly AgentEvent[] {
  const run = { stdout: printed(name), stderr: stderrOf(name), exit: { code: exits[name] ?? 0 } };
  return parse(claude, run, jobFor(name));
}

describe("what a recorded run comes to", () => {
  test("is known for every recording there is", () => {
    expect(listTranscripts("claude")).toEqual(Object.keys(expected).toSorted());
  });

  test.each(Object.entries(expected))("%s", (name, outcome) => {
    expect(outcomeOf(eventsOf(name))).toEqual(outcome);
  });

  test.each([
    ["09-bypass-root", `bad_invocation -: ${asRoot}`],
    [
      "23-session-id-again",
      "session_in_use -: Error: Session ID 11111111-2222-4333-8444-555555555555 is already in use.",
    ],
    ["30-empty-prompt", expect.stringMatching(/^bad_invocation -: Error: Input must be provided/) as string],
    ["31-bad-flag", "bad_invocation -: error: unknown option '--no-such-flag'"],
  ])("%s, which said a word on stderr only", (name, end) => {
    expect(outcomeOf(parse(claude, { stderr: stderrOf(name), exit: { code: 1 } })).end).toEqual(end);
  });

  test("leaves no line of them unread", () => {
    const names = listTranscripts("claude");
    expect(names.flatMap(eventsOf).filter((event) => event.type === "unreadable")).toEqual([]);
  });
});

describe("dollars", () => {
  const runs = Object.keys(expected).filter((name) => name !== "24-resume");

  test.each(runs)("of %s add up to the agent's own total", (name) => {
    const results = printed(name).flatMap((line) => JSON.parse(line) as unknown);
    const last = results.findLast((event) => (event as { type?: string }).type === "result") as
      | { total_cost_usd: number }
      | undefined;
    expect(outcomeOf(eventsOf(name)).costUsd ?? 0).toBeCloseTo(last?.total_cost_usd ?? 0, 8);
  });

  test("are the catalogue's, to the last digit, for every model of which the agent knew the price", () => {
    const totals = Object.keys(expected)
      .flatMap(eventsOf)
      .flatMap((event) => (event.type === "totals" ? event.byModel : []))
      .filter((model) => model.costIsGuess !== true);
    expect(totals.length).toBeGreaterThan(50);
    for (const { model, usage, costUsd } of totals) expect(costOf(model, usage)).toBeCloseTo(costUsd ?? NaN, 9);
  });

  test("of a model the agent did not know are marked as a guess", () => {
    const byModel = eventsOf("29c-model-unknown").flatMap((event) => (event.type === "totals" ? event.byModel : []));
    expect(byModel).toEqual([
      {
        model: "my-custom-model",
        usage: tokens(1200, 42),
        costUsd: expect.closeTo(0.00564, 9) as number,
        costIsGuess: true,
      },
    ]);
  });
});

describe("the running sum of single calls", () => {
  test.each(Object.keys(expected))("of %s is never above what the agent totals in the end", (name) => {
    const calls = new Map<string, TokenUsage>();
    for (const event of eventsOf(name)) {
      if (event.type === "usage") calls.set(event.key, event.usage);
      if (event.type !== "totals") continue;
      const running = [...calls.values()].reduce(addUsage, noUsage);
      const total = event.byModel.reduce((sum, model) => addUsage(sum, model.usage), noUsage);
      expect(totalTokens(subtractUsage(running, total))).toBe(0);
      calls.clear();
    }
  });

  test("is exact for the main loop, since its calls tell their final usage", () => {
    const usage = new Map(
      eventsOf("73-partial").flatMap((event) => (event.type === "usage" ? [[event.key, event.usage]] : [])),
    );
    expect([...usage.values()].reduce(addUsage, noUsage)).toEqual(bash.tokens);
  });
});

describe("what happened on the way", () => {
  const typesOf = (name: string, type: AgentEvent["type"]): readonly AgentEvent[] =>
    eventsOf(name).filter((event) => event.type === type);

  test("a refused tool call is told once, though the result lists it again", () => {
    expect(typesOf("13-dontAsk", "denied")).toEqual([
      {
        type: "denied",
        tool: "Bash",
        reason: expect.stringContaining("Permission to use Bash has been denied") as string,
      },
    ]);
  });

  test("a wait says why, how long and which try", () => {
    expect(typesOf("63-529-once", "waiting")).toEqual([
      { type: "waiting", why: "overloaded", delayMs: 624, text: "HTTP 529 (overloaded), try 1 of 10" },
      { type: "waiting", why: "overloaded", delayMs: 1058, text: "HTTP 529 (overloaded), try 2 of 10" },
    ]);
  });

  test("a rejected usage window gives the time at which it lifts, also to the failure", () => {
    expect(typesOf("c1-usage-limit", "limit")).toEqual([
      { type: "limit", window: "five_hour", status: "rejected", resetsAt: 1_795_472_226_000 },
    ]);
    expect(typesOf("c1-usage-limit", "finished")).toEqual([
      expect.objectContaining({ failure: expect.objectContaining({ resetsAt: 1_795_472_226_000 }) as unknown }),
    ]);
  });

  test("text and tools of a sub-agent name the call they belong to", () => {
    const parts = eventsOf("c4-subagent-foreground").flatMap((event) =>
      event.type === "message" || event.type === "tool-started"
        ? [[event.type === "message" ? event.text : event.tool, event.parent !== undefined]]
        : [],
    );
    expect(parts).toEqual([
      ["Delegating.", false],
      ["Agent", false],
      ["Child working.", true],
      ["Bash", true],
      ["Child result: ok.", true],
      ["Subagent finished; all done.", false],
    ]);
  });

  test("each turn says who speaks, and the last result is the answer", () => {
    expect(typesOf("c3-queued-turns", "session")).toHaveLength(3);
    expect(typesOf("c3-queued-turns", "finished")).toHaveLength(3);
  });

  test("a structured answer is handed on as a value", () => {
    expect(typesOf("e0-structured", "finished")).toEqual([
      { type: "finished", ok: true, result: '{"ok":true}', structured: { ok: true }, turns: 2 },
    ]);
  });

  test("an answer in words is a failure where a structure was asked for", () => {
    const job = jobOf("claude", { jsonSchema: { type: "object" } });
    const run = { stdout: printed("59-json-schema"), exit: { code: 0 } };
    expect(outcomeOf(parse(claude, run, job)).end).toMatch(/^structured_output -: The model answered in words/);
  });
});
