import { isJsonObject, type JsonObject } from "@claude-orchestrator/domain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { objectAt, textAt } from "./jsonReading.ts";
import type { ScenarioName } from "./scenarios/index.ts";
import { startModelApi, type ModelApi } from "./server.ts";
import { eventsOf, messagesBody, post } from "./testing/client.ts";

let api: ModelApi;

beforeAll(async () => {
  api = await startModelApi({ speed: 0 });
});

afterAll(() => api.close());

async function stream(scenario: ScenarioName, body: JsonObject = messagesBody("hi")) {
  const reply = await post(`${api.urlFor(scenario)}/v1/messages?beta=true`, body);
  return eventsOf(reply.text);
}

function deltas(events: Awaited<ReturnType<typeof stream>>, name: string): string {
  return events
    .filter(({ event }) => event === "content_block_delta")
    .map(({ data }) => textAt(objectAt(data, "delta"), name))
    .join("");
}

/** The conversation after the model asked for a tool and got its answer. */
function afterTool(prompt: string, result: string): JsonObject {
  return messagesBody(prompt, {
    messages: [
      { role: "user", content: prompt },
      { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "Bash", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: result }] },
    ],
  });
}

describe("a streamed message", () => {
  test("has the events of the API in its order, each named as its data", async () => {
    const events = await stream("text");
    expect(events.map(({ event }) => event)).toEqual([
      "message_start",
      "ping",
      "content_block_start",
      "content_block_delta",
      "content_block_delta",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    expect(events.every(({ event, data }) => data["type"] === event)).toBe(true);
    expect(deltas(events, "text")).toBe("Hello from the stand-in model.");
  });

  test("tells its input first and its true output last", async () => {
    const events = await stream("cache");
    const first = objectAt(objectAt(events[0]?.data ?? {}, "message"), "usage");
    const last = events.find(({ event }) => event === "message_delta")?.data ?? {};
    expect(first).toMatchObject({ input_tokens: 12, cache_creation_input_tokens: 18_000, output_tokens: 1 });
    expect(objectAt(last, "usage")).toEqual({
      input_tokens: 12,
      cache_creation_input_tokens: 18_000,
      cache_read_input_tokens: 5_500,
      output_tokens: 350,
    });
  });

  test("sends a tool call's input in pieces that join to JSON", async () => {
    const events = await stream("tool-bash");
    expect(JSON.parse(deltas(events, "partial_json"))).toMatchObject({ command: "echo hi" });
    expect(objectAt(events.at(-2)?.data ?? {}, "delta")["stop_reason"]).toBe("tool_use");
  });

  test("takes the next step once the tool has answered", async () => {
    expect(deltas(await stream("tool-bash", afterTool("hi", "hi\n")), "text")).toBe("The command printed hi.");
  });

  test("thinking ends with its signature", async () => {
    const events = await stream("thinking");
    expect(deltas(events, "thinking")).toBe("Let me think about this.");
    expect(deltas(events, "signature")).not.toBe("");
  });
});

describe("a whole message", () => {
  test("says the same as the stream", async () => {
    const reply = await post(`${api.urlFor("tool-two")}/v1/messages`, messagesBody("hi", { stream: false }));
    const message = JSON.parse(reply.text) as JsonObject;
    expect(message).toMatchObject({ type: "message", stop_reason: "tool_use", usage: { input_tokens: 1200 } });
    expect((message["content"] as JsonObject[]).map((block) => block["type"])).toEqual([
      "text",
      "tool_use",
      "tool_use",
    ]);
  });

  test("the same requests in the same order get the same bytes", async () => {
    const answers = async (): Promise<readonly string[]> => {
      await using fresh = await startModelApi({ speed: 0 });
      const first = await post(`${fresh.urlFor("subagent2")}/v1/messages`, messagesBody("hi"));
      const second = await post(`${fresh.urlFor("tool-bash")}/v1/messages`, messagesBody("hi"));
      return [first.text, second.text];
    };
    expect(await answers()).toEqual(await answers());
  });
});

describe("structured output", () => {
  const schema = {
    type: "object",
    properties: {
      n: { type: "integer", minimum: 3 },
      tags: { type: "array", items: { enum: ["a", "b"] }, minItems: 2 },
    },
    required: ["n", "tags"],
  };
  const tools = [{ name: "StructuredOutput", input_schema: schema }];

  test("is handed in by the tool and fits the tool's own schema", async () => {
    const events = await stream("structured", messagesBody("hi", { tools }));
    expect(JSON.parse(deltas(events, "partial_json"))).toEqual({ n: 3, tags: ["a", "a"] });
  });

  test("can be wrong first and right then", async () => {
    const body = { ...afterTool("hi", "does not fit"), tools };
    expect(JSON.parse(deltas(await stream("structured-repaired", body), "partial_json"))).toMatchObject({ n: 3 });
  });
});

describe("proof of what arrived", () => {
  test("echo gives back the prompt without the CLI's reminders and our marker", async () => {
    const prompt = "<system-reminder>\nof the CLI\n</system-reminder>\n[[mock:echo]] two\nlines ${x}";
    expect(deltas(await stream("text", messagesBody(prompt)), "text")).toBe("two\nlines ${x}");
  });

  test("first-user gives back the system prompt and the whole first prompt", async () => {
    const body = messagesBody("<system-reminder>CLAUDE.md says hello</system-reminder>", { system: "You are a test" });
    const text = deltas(await stream("first-user", body), "text");
    expect(text).toContain("You are a test");
    expect(text).toContain("CLAUDE.md says hello");
  });

  test("recall tells what a resumed session has seen before", async () => {
    const messages = [
      { role: "user", content: "one" },
      { role: "assistant", content: [{ type: "text", text: "first" }] },
      { role: "user", content: "two" },
    ];
    const text = deltas(await stream("recall", messagesBody("", { messages })), "text");
    expect(JSON.parse(text)).toEqual({ turns_before: 1, earlier_prompts: ["one"], prompt: "two" });
  });
});

test("a relative path is made absolute by the folder the CLI says it works in, spaces and all", async () => {
  const body = messagesBody("hi", {
    system: "Environment\n - Primary working directory: /tmp/with space/ws\n - Platform: linux",
    tools: [{ name: "Write", input_schema: {} }],
  });
  const input: unknown = JSON.parse(deltas(await stream("tool-write", body), "partial_json"));
  expect(isJsonObject(input) ? input["file_path"] : undefined).toBe("/tmp/with space/ws/out.txt");
});

test("a request without tools gets text where the script would call one", async () => {
  const events = await stream("tool-forever", messagesBody("Give this conversation a title", { tools: [] }));
  expect(deltas(events, "text")).toBe("A short title");
});

test("tokens are counted by a rough measure", async () => {
  const reply = await post(`${api.url}/v1/messages/count_tokens`, {
    messages: [{ role: "user", content: "x".repeat(400) }],
  });
  const count = (JSON.parse(reply.text) as { input_tokens: number }).input_tokens;
  expect(count).toBeGreaterThan(90);
});
