import type { JsonObject } from "@claude-orchestrator/domain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { objectAt, objectsAt, textAt } from "./jsonReading.ts";
import { startModelApi, type ModelApi } from "./server.ts";
import { eventsOf, post } from "./testing/client.ts";

let api: ModelApi;

beforeAll(async () => {
  api = await startModelApi({ speed: 0 });
});

afterAll(() => api.close());

describe("OpenAI Responses", () => {
  const body = {
    model: "gpt-5.5",
    stream: true,
    instructions: "You are a coding agent",
    input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] }],
    tools: [{ type: "function", name: "exec_command", parameters: {} }],
  };

  test("a stream is numbered without gaps and ends with the usage, cached tokens inside the input", async () => {
    const events = eventsOf((await post(`${api.urlFor("cache", "r")}/v1/responses`, body)).text);
    expect(events.map(({ data }) => data["sequence_number"])).toEqual(events.map((_, index) => index));
    expect(objectAt(objectAt(events.at(-1)?.data ?? {}, "response"), "usage")).toMatchObject({
      input_tokens: 23_512,
      input_tokens_details: { cached_tokens: 5_500 },
      output_tokens: 350,
    });
  });

  test("a tool call uses the tool the request offers, and its answer moves the script on", async () => {
    const url = `${api.urlFor("tool-bash")}/v1/responses`;
    const first = eventsOf((await post(url, body)).text);
    const call = first.map(({ data }) => objectAt(data, "item")).find((item) => item["type"] === "function_call") ?? {};
    expect(JSON.parse(textAt(call, "arguments") || "{}")).toEqual({});
    const done = objectsAt(objectAt(first.at(-1)?.data ?? {}, "response"), "output").at(-1) ?? {};
    expect([done["name"], JSON.parse(textAt(done, "arguments"))]).toEqual(["exec_command", { cmd: "echo hi" }]);
    const output = { type: "function_call_output", call_id: textAt(done, "call_id"), output: "hi" };
    const second = eventsOf((await post(url, { ...body, input: [...body.input, done, output] })).text);
    expect(JSON.stringify(second.at(-1)?.data)).toContain("The command printed hi.");
  });

  test("structured output is text that fits the request's schema", async () => {
    const schema = { type: "object", properties: { ok: { type: "boolean" } } };
    const text = { format: { type: "json_schema", name: "out", schema } };
    const reply = await post(`${api.urlFor("structured")}/v1/responses`, { ...body, stream: false, text });
    const [item] = objectsAt(JSON.parse(reply.text) as JsonObject, "output");
    expect(JSON.parse(textAt(objectsAt(item ?? {}, "content")[0] ?? {}, "text"))).toEqual({ ok: true });
  });

  test("a WebSocket is refused with 426, so that the client falls back at once", async () => {
    expect((await fetch(`${api.urlFor("text")}/v1/responses`)).status).toBe(426);
  });
});

describe("OpenAI Chat Completions", () => {
  const body = {
    model: "some-model",
    stream: true,
    messages: [
      { role: "system", content: "You are a coding agent" },
      { role: "user", content: "hi" },
    ],
    tools: [{ type: "function", function: { name: "bash", parameters: {} } }],
  };

  test("a stream is data lines that end with [DONE], the usage in the last chunk", async () => {
    const { text } = await post(`${api.urlFor("text")}/v1/chat/completions`, body);
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    const chunks = eventsOf(text).map(({ data }) => data);
    const said = chunks
      .flatMap((chunk) => objectsAt(chunk, "choices"))
      .map((choice) => textAt(objectAt(choice, "delta"), "content"));
    expect(said.join("")).toBe("Hello from the stand-in model.");
    expect(chunks.at(-1)).toMatchObject({ usage: { prompt_tokens: 1200, completion_tokens: 42, total_tokens: 1242 } });
  });

  test("tool calls finish with tool_calls, and an error has the vendor's shape", async () => {
    const reply = await post(`${api.urlFor("tool-two")}/v1/chat/completions`, { ...body, stream: false });
    const [choice] = objectsAt(JSON.parse(reply.text) as JsonObject, "choices");
    expect(choice).toMatchObject({ finish_reason: "tool_calls" });
    expect(objectsAt(objectAt(choice ?? {}, "message"), "tool_calls")).toHaveLength(2);
    const refused = await post(`${api.urlFor("400")}/v1/chat/completions`, body);
    expect([refused.status, JSON.parse(refused.text)]).toMatchObject([
      400,
      { error: { type: "invalid_request_error" } },
    ]);
  });
});

describe("Gemini", () => {
  const body = {
    contents: [{ role: "user", parts: [{ text: "hi" }] }],
    tools: [{ functionDeclarations: [{ name: "run_shell_command", parameters: {} }] }],
  };

  test("a stream ends with the finish reason and the usage", async () => {
    const { text } = await post(`${api.urlFor("text")}/v1beta/models/gemini-3:streamGenerateContent?alt=sse`, body);
    const last = eventsOf(text).at(-1)?.data ?? {};
    expect(objectsAt(last, "candidates")[0]).toMatchObject({ finishReason: "STOP" });
    expect(last).toMatchObject({ usageMetadata: { totalTokenCount: 1242 }, modelVersion: "gemini-3" });
  });

  test("a whole answer calls the tool on offer", async () => {
    const reply = await post(`${api.urlFor("tool-bash")}/v1beta/models/gemini-3:generateContent`, body);
    expect(reply.text).toContain('"functionCall":{"name":"run_shell_command"');
  });

  test("the CLI's own questions for JSON are answered whatever the scenario", async () => {
    const side = { ...body, generationConfig: { responseMimeType: "application/json" } };
    const reply = await post(`${api.urlFor("hang")}/v1beta/models/gemini-3:generateContent`, side);
    expect(reply.text).toContain("next_speaker");
  });

  test("overload is 503 here, and tokens can be counted", async () => {
    const refused = await post(`${api.urlFor("529")}/v1beta/models/gemini-3:generateContent`, body);
    expect([refused.status, JSON.parse(refused.text)]).toMatchObject([503, { error: { status: "UNAVAILABLE" } }]);
    const counted = await post(`${api.url}/v1beta/models/gemini-3:countTokens`, body);
    expect(JSON.parse(counted.text)).toHaveProperty("totalTokens");
  });
});
