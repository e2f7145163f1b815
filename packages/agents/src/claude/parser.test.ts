import type { AgentEvent } from "@claude-orchestrator/domain";
import type { AgentJob } from "@claude-orchestrator/engine/ports";
import { listTranscripts, readTranscript } from "@claude-orchestrator/testkit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jobOf, outcomeOf, parse } from "../testing/parsing.ts";
import { claude } from "./index.ts";

const line = (value: unknown): string => JSON.stringify(value);
const ended = { code: 0, swept: 0 };

function eventsOf(lines: readonly unknown[], job?: AgentJob): readonly AgentEvent[] {
  const stdout = lines.map((each) => (typeof each === "string" ? each : line(each)));
  return parse(claude, { stdout, exit: { code: 0 } }, job);
}

const usage = (inputTokens: number, costUSD: number): object => ({ "claude-opus-5-5": { inputTokens, costUSD } });
const result = (fields: object): object => ({
  type: "result",
  subtype: "success",
  is_error: false,
  result: "done",
  ...fields,
});
const totalsOf = (events: readonly AgentEvent[]): readonly (readonly (number | undefined)[])[] =>
  events.flatMap((event) =>
    event.type === "totals" ? [event.byModel.flatMap((model) => [model.usage.input, model.costUsd])] : [],
  );

describe("totals of a turn", () => {
  test("are what the result says happened since the one before", () => {
    const events = eventsOf([
      result({ modelUsage: usage(100, 1), model_usage_since_last_result: usage(100, 1) }),
      result({ modelUsage: usage(250, 3), model_usage_since_last_result: usage(150, 2) }),
    ]);
    expect(totalsOf(events)).toEqual([
      [100, 1],
      [150, 2],
    ]);
  });

  test("are the difference of the cumulative figures where an older release does not say so", () => {
    const events = eventsOf([result({ modelUsage: usage(100, 1) }), result({ modelUsage: usage(250, 3) })]);
    expect(totalsOf(events)).toEqual([
      [100, 1],
      [150, 2],
    ]);
  });

  test("are not given where only figures that include an earlier process are told", () => {
    const job = jobOf("claude", {}, { resumeSession: "nightly" });
    expect(totalsOf(eventsOf([result({ modelUsage: usage(250, 3) })], job))).toEqual([]);
    const since = result({ modelUsage: usage(250, 3), model_usage_since_last_result: usage(150, 2) });
    expect(totalsOf(eventsOf([since], job))).toEqual([[150, 2]]);
  });

  test("tell cache writes by how long they last, and what is untold as the shorter kind", () => {
    const model = { cacheCreationInputTokens: 10, cacheCreationEphemeral1hInputTokens: 4 };
    const [totals] = eventsOf([result({ model_usage_since_last_result: { m: model } })]);
    expect(totals).toMatchObject({ byModel: [{ usage: { cacheWrite5m: 6, cacheWrite1h: 4 } }] });
  });
});

describe("usage while it runs", () => {
  const assistant = (id: string, output: number): object => ({
    type: "assistant",
    message: { id, model: "m", content: [], usage: { input_tokens: 10, output_tokens: output } },
  });
  const stream = (event: object): object => ({ type: "stream_event", event, api_message_id: "a" });

  test("is told once for the blocks of one message", () => {
    const told = eventsOf([assistant("a", 1), assistant("a", 1), assistant("b", 1)]);
    expect(told.map((event) => (event.type === "usage" ? event.key : event.type))).toEqual(["a", "b"]);
  });

  test("keeps the final count of a call against what comes later for it", () => {
    const told = eventsOf([
      stream({
        type: "message_start",
        message: { id: "a", model: "m", usage: { input_tokens: 10, output_tokens: 1 } },
      }),
      stream({ type: "message_delta", usage: { output_tokens: 77 } }),
      assistant("a", 1),
    ]);
    expect(told.at(-1)).toMatchObject({ type: "usage", key: "a", model: "m", usage: { input: 10, output: 77 } });
  });

  test("of messages the program made up itself is none", () => {
    const made = { type: "assistant", message: { id: "x", model: "<synthetic>", usage: { input_tokens: 0 } } };
    expect(eventsOf([made])).toEqual([]);
  });
});

describe("the end of the process", () => {
  test("is a failure where fewer turns ran than were asked", () => {
    const job = jobOf("claude", { work: { kind: "prompt", text: "last", before: ["first"] } });
    expect(outcomeOf(eventsOf([result({})], job)).end).toBe("incomplete -: Only 1 of 2 turns were run");
    expect(outcomeOf(eventsOf([result({}), result({})], job)).end).toBe("ok: done");
  });

  test("without a result and without known words is left to whoever knows the exit", () => {
    expect(parse(claude, { stderr: ["Segmentation fault"], exit: { code: 139 } })).toEqual([]);
    expect(parse(claude, { stderr: ["Not logged in"], exit: { signal: "SIGTERM" } })).toEqual([]);
  });
});

describe("why a result is a failure", () => {
  const kind = (fields: object, ...before: readonly object[]): unknown => {
    const finished = eventsOf([...before, result({ is_error: true, ...fields })]).find(
      (event) => event.type === "finished",
    );
    return finished?.type === "finished" ? finished.failure?.kind : undefined;
  };
  const error = (name: string): object => ({ type: "assistant", error: name, is_api_error_message: true, message: {} });

  test.each([
    [{ api_error_status: 529 }, "overload"],
    [{ api_error_status: 500 }, "overload"],
    [{ api_error_status: 401 }, "authentication"],
    [{ api_error_status: 404 }, "invalid_request"],
    [{ api_error_status: 400, result: "API Error: 400 Your credit balance is too low" }, "billing"],
    [{ api_error_status: 402, api_error_type: "budget_exceeded" }, "budget"],
    [{ api_error_status: 402 }, "billing"],
    [{ api_error_status: 429 }, "rate_limit"],
    [{ api_error_status: 429, api_error: "usage_limit_reached" }, "usage_limit"],
    [{ subtype: "error_max_turns" }, "max_turns"],
    [{ subtype: "error_during_execution", errors: ["Session ID x is already in use"], result: null }, "session_in_use"],
    [{ stop_reason: "refusal" }, "refusal"],
    [{ startup_failure_reason: "anything", result: "?" }, "bad_invocation"],
    [{ result: null }, "agent_error"],
  ])("%j is %s", (fields, expected) => {
    expect(kind(fields)).toBe(expected);
  });

  test("is taken from the error's name where the result has no status", () => {
    expect(kind({}, error("overloaded"))).toBe("overload");
    expect(kind({}, error("model_not_found"))).toBe("invalid_request");
    expect(kind({}, error("constructor"))).toBe("agent_error");
  });

  test("says when a usage limit lifts, also where only its words do", () => {
    const events = eventsOf([result({ is_error: true, result: "Claude AI usage limit reached|1795472226" })]);
    expect(events).toMatchObject([{ failure: { kind: "usage_limit", resetsAt: 1_795_472_226_000 } }]);
  });
});

describe("whatever is printed", () => {
  const recorded = listTranscripts("claude").map((name) => readTranscript("claude", name).split("\n"));
  const anyLine = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json({ maxDepth: 6 }),
    fc
      .tuple(fc.constantFrom(...recorded.flat()), fc.nat(80), fc.jsonValue())
      .map(([text, at, value]) => disturbed(text, at, value)),
  );

  test("no line throws, and every event names a kind", () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 30 }), fc.boolean(), (lines, resumed) => {
        const parser = claude.createParser(jobOf("claude", {}, resumed ? { resumeSession: "x" } : {}));
        const events = [
          ...lines.flatMap((each) => [...parser.stdoutLine(each, 0), ...parser.stderrLine(each, 0)]),
          ...parser.ended(ended),
        ];
        for (const event of events) expect(typeof event.type).toBe("string");
        JSON.stringify(events);
      }),
      { numRuns: 500 },
    );
  });

  test("lines that are not understood change nothing of what the others say", () => {
    const strange = fc.constantFrom(
      "",
      "garbage",
      "[]",
      "null",
      "7",
      '{"type":null}',
      '{"type":"no such thing","usage":{}}',
      "{}",
    );
    fc.assert(
      fc.property(fc.constantFrom(...recorded), fc.array(fc.tuple(fc.nat(), strange)), (lines, more) => {
        const mixed = [...lines];
        for (const [at, text] of more) mixed.splice(at % (mixed.length + 1), 0, text);
        const understood = (events: readonly AgentEvent[]): readonly AgentEvent[] =>
          events.filter((event) => event.type !== "unreadable");
        expect(understood(eventsOf(mixed))).toEqual(understood(eventsOf(lines)));
      }),
    );
  });

  test("nulls in every place are read as nothing", () => {
    for (const text of recorded.flat()) {
      const parser = claude.createParser(jobOf("claude"));
      for (let at = 0; at < 60; at++) parser.stdoutLine(disturbed(text, at, null), 0);
    }
  });

  test("a line nested a hundred thousand deep is no trouble, wherever the nesting is", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const events = eventsOf([
      deep,
      `{"type":"assistant","message":{"id":"a","content":[{"type":"tool_use","id":"t","name":"X","input":{"a":${deep}}}]}}`,
      `{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t","content":${deep}}]}}`,
      `{"type":"result","subtype":"success","is_error":false,"result":"done","structured_output":${deep}}`,
    ]);
    expect(events.map((event) => event.type)).toEqual(["unreadable", "tool-started", "tool-finished", "finished"]);
    expect(outcomeOf(events).end).toBe("ok: done");
  });

  test("a line that was cut says how much of it is missing", () => {
    const parser = claude.createParser(jobOf("claude"));
    expect(parser.stdoutLine('{"type":"user","message":"', 9_000_000)).toEqual([
      {
        type: "unreadable",
        line: '{"type":"user","message":"',
        why: "too long a line: 9000000 bytes of it are left out",
      },
    ]);
  });
});

/** The line with the value of its `place`th field replaced; a line that is no JSON as it is. */
function disturbed(text: string, place: number, value: unknown): string {
  let left = place;
  try {
    return line(JSON.parse(text, (key: string, old: unknown) => (key !== "" && left-- === 0 ? value : old)));
  } catch {
    return text;
  }
}
