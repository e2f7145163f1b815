/** Events of Claude Code that are not as they should be, through the built program. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "@claude-orchestrator/domain";
import {
  initLine,
  resultLine,
  textLine,
  toolResultLine,
  toolUseLine,
  type FakeStep,
} from "@claude-orchestrator/testkit";
import { aroundOf, claude, factsOf, startFaults, tokensOf, untouched, type FaultEnd, type FaultRun } from "./rig.ts";

const line = (value: JsonObject): FakeStep => ({ do: "emit", line: value });
const lines = (...values: readonly JsonObject[]): readonly FakeStep[] => values.map(line);
const ok = { code: 0, swept: 0 } as const;
const nothingCounted: JsonObject = { usage: null, modelUsage: null, model_usage_since_last_result: null };

/** The event once for each field at whatever depth, with that field null; and once with all its fields null. */
function withNulls(event: JsonObject): readonly JsonObject[] {
  const nothing = Object.fromEntries(
    Object.keys(event).map((key) => [key, key === "type" ? (event[key] ?? null) : null]),
  );
  return [nothing, ...(nulled(event) as readonly JsonObject[])];
}

function nulled(value: JsonValue): readonly JsonValue[] {
  if (Array.isArray(value)) {
    const items = value as readonly JsonValue[];
    return items.flatMap((item, at) => [null, ...nulled(item)].map((other) => items.with(at, other)));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    [null, ...nulled(each)].map((other) => ({ ...value, [key]: other })),
  );
}

const stream = (event: JsonObject): JsonObject => ({ type: "stream_event", event, parent_tool_use_id: null });
const usage: JsonObject = { input_tokens: 1, output_tokens: 1, cache_creation: { ephemeral_5m_input_tokens: 1 } };

const everyKind: readonly JsonObject[] = [
  initLine(),
  {
    type: "system",
    subtype: "api_retry",
    attempt: 1,
    max_retries: 3,
    retry_delay_ms: 5,
    error_status: 529,
    error: "overloaded",
  },
  {
    type: "rate_limit_event",
    rate_limit_info: { status: "allowed", resetsAt: 1_900_000_000, rateLimitType: "five_hour" },
  },
  textLine("text"),
  toolUseLine("Read", { file_path: "a" }),
  toolResultLine([{ type: "text", text: "content" }]),
  stream({ type: "message_start", message: { id: "msg_s", model: "claude-haiku-5-5", usage } }),
  stream({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage }),
];

const denied: JsonObject = {
  type: "system",
  subtype: "permission_denied",
  tool_name: "Bash",
  tool_use_id: "t1",
  message: "no",
};

let run: FaultRun;
let end: FaultEnd;

beforeAll(async () => {
  const healthy = (input: number): JsonObject =>
    textLine("counted", { id: "msg_counted", tokens: { input, output: 3 } });
  run = await startFaults([
    claude("nulls everywhere", [
      // A result's totals would count: these have none to add.
      ...lines(...withNulls(resultLine("nulled", { fields: nothingCounted }))),
      ...everyKind.flatMap((event) => withNulls(event)).map(line),
      line(resultLine("done", { tokens: { input: 70, output: 7 }, costUsd: 0.7 })),
    ]),
    claude(
      "denials with nulls",
      lines(initLine(), ...withNulls(denied), resultLine("done", { tokens: { input: 74, output: 7 }, costUsd: 0.74 })),
    ),
    claude(
      "message a string",
      lines(
        initLine(),
        { type: "assistant", message: "a string" },
        { type: "user", message: "a string" },
        { type: "assistant", message: { content: "a string", id: 7, usage: "a string" } },
        { type: "stream_event", event: "a string" },
        resultLine("done", { tokens: { input: 71, output: 7 }, costUsd: 0.71 }),
      ),
    ),
    claude(
      "usage null",
      lines(
        initLine(),
        { type: "assistant", message: { id: "msg_null", model: "claude-haiku-5-5", content: [], usage: null } },
        healthy(72),
        resultLine("done", { fields: { ...nothingCounted, total_cost_usd: null } }),
      ),
    ),
    claude(
      "two results",
      lines(
        initLine(),
        resultLine("first", { tokens: { input: 100, output: 10 }, costUsd: 0.1 }),
        textLine("still at work", { id: "msg_late", tokens: { input: 5, output: 5 } }),
        resultLine("second", { tokens: { input: 200, output: 20 }, costUsd: 0.2 }),
      ),
    ),
    claude(
      "error that says success",
      lines(initLine(), resultLine("API Error: 500 broken", { fields: { is_error: true, api_error_status: 500 } })),
    ),
    claude("no result", lines(initLine(), healthy(73))),
    claude(
      "result without words",
      lines(
        initLine(),
        resultLine("", { fields: { result: null, subtype: "error_during_execution", is_error: true } }),
      ),
    ),
  ]);
  end = await run.ended;
});

afterAll(() => run[Symbol.asyncDispose]());

test("events of any shape harm neither the run nor the neighbour", () => {
  expect(end.exitCode).toBe(1);
  expect(aroundOf(end)).toEqual(untouched);
});

test("an event with any of its fields null ends nothing and counts nothing wrongly", () => {
  const { unreadable, ...facts } = factsOf(end, "nulls everywhere");
  expect(facts).toEqual({ verdict: "succeeded", reason: "done", result: "done", exit: ok });
  expect(tokensOf(end, "nulls everywhere")).toEqual({ input: 70, output: 7, final: true, costUsd: 0.7 });
  // One for each kind whose `type` itself was null, and nothing else.
  expect(unreadable).toBe(everyKind.length + 1);
});

test("a refused permission with any of its fields null still blocks", () => {
  expect(factsOf(end, "denials with nulls")).toMatchObject({
    verdict: "blocked",
    result: "done",
    exit: ok,
    unreadable: 1,
  });
  expect(tokensOf(end, "denials with nulls")).toEqual({ input: 74, output: 7, final: true, costUsd: 0.74 });
});

test("a message that is a string is no reason to stop reading", () => {
  expect(factsOf(end, "message a string")).toMatchObject({ verdict: "succeeded", result: "done", exit: ok });
  expect(tokensOf(end, "message a string")).toEqual({ input: 71, output: 7, final: true, costUsd: 0.71 });
});

test("where the agent gives no totals, the calls it told of are counted as a lower bound", () => {
  expect(factsOf(end, "usage null")).toMatchObject({ verdict: "succeeded", result: "done", exit: ok });
  expect(tokensOf(end, "usage null")).toMatchObject({ input: 72, output: 3, final: false });
});

test("of two results the last one is the answer, and both are paid", () => {
  expect(factsOf(end, "two results")).toMatchObject({ verdict: "succeeded", result: "second", exit: ok });
  expect(tokensOf(end, "two results")).toMatchObject({ input: 300, output: 30, final: true });
  expect(tokensOf(end, "two results").costUsd).toBeCloseTo(0.3, 10);
});

test("a result that says success and is an error, with exit code 0, is a failure", () => {
  expect(factsOf(end, "error that says success")).toMatchObject({
    verdict: "failed",
    reason: "API Error: 500 broken",
    exit: ok,
  });
});

test("exit code 0 without a result is incomplete, and what was heard of is counted", () => {
  expect(factsOf(end, "no result")).toEqual({
    verdict: "incomplete",
    reason: "it exited with code 0 but gave no result",
    result: undefined,
    exit: ok,
    unreadable: 0,
  });
  expect(tokensOf(end, "no result")).toMatchObject({ input: 73, output: 3, final: false });
});

test("an error without words is worded by us", () => {
  expect(factsOf(end, "result without words")).toMatchObject({ verdict: "failed", exit: ok });
  expect(factsOf(end, "result without words").reason).not.toBe("");
});
