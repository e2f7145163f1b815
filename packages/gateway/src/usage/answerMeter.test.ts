import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anthropic } from "../dialects/anthropic.ts";
import { gemini } from "../dialects/gemini.ts";
import { openaiChat } from "../dialects/openaiChat.ts";
import { openaiResponses } from "../dialects/openaiResponses.ts";
import { AnswerMeter } from "./answerMeter.ts";

const packings = {
  identity: (text: string) => Buffer.from(text),
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};

async function meter(
  dialect: typeof anthropic,
  type: string,
  packed: Buffer,
  options: { packing: string; cuts: readonly number[] },
) {
  const answer = new AnswerMeter(dialect, { contentType: type, contentEncoding: options.packing });
  const points = [...options.cuts.map((cut) => cut % (packed.length + 1)), 0, packed.length].toSorted((a, b) => a - b);
  for (let at = 1; at < points.length; at += 1) await answer.take(packed.subarray(points[at - 1], points[at]));
  await answer.end();
  return answer.heard;
}

const sse = (...events: readonly object[]) => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");

/** Usage in the middle, and again, and more of it: only the last word on each kind counts. */
const anthropicStream = sse(
  {
    type: "message_start",
    message: {
      model: "m",
      usage: {
        input_tokens: 7,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
        output_tokens: 1,
      },
    },
  },
  { type: "content_block_delta", delta: { type: "text_delta", text: "hello" } },
  { type: "message_delta", delta: { stop_reason: null }, usage: { output_tokens: 9 } },
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { input_tokens: 7, output_tokens: 42 } },
  { type: "message_stop" },
);
const heardAnthropic = { input: 7, output: 42, cacheRead: 100, cacheWrite5m: 10, cacheWrite1h: 20, reasoning: 0 };

describe("an answer is counted once", () => {
  test("however it is packed, and wherever its bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(packings) as (keyof typeof packings)[])),
        fc.array(fc.nat(2000), { maxLength: 20 }),
        async (packing, cuts) => {
          const packed = packings[packing](anthropicStream);
          const heard = await meter(anthropic, "text/event-stream; charset=utf-8", packed, { packing, cuts });
          expect([heard.counted, heard.model]).toEqual([heardAnthropic, "m"]);
        },
      ),
      { numRuns: 150 },
    );
  });

  test.each([
    [
      "openai-chat",
      openaiChat,
      sse(
        { model: "m", choices: [], usage: { prompt_tokens: 50, completion_tokens: 1 } },
        {
          model: "m",
          choices: [],
          usage: {
            prompt_tokens: 50,
            completion_tokens: 8,
            prompt_tokens_details: { cached_tokens: 20 },
            completion_tokens_details: { reasoning_tokens: 3 },
          },
        },
      ) + "data: [DONE]\n\n",
      { input: 30, cacheRead: 20, output: 8, reasoning: 3 },
    ],
    [
      "openai-responses",
      openaiResponses,
      sse(
        { type: "response.created", response: { model: "m", usage: null } },
        {
          type: "response.completed",
          response: {
            model: "m",
            usage: {
              input_tokens: 50,
              input_tokens_details: { cached_tokens: 20 },
              output_tokens: 8,
              output_tokens_details: { reasoning_tokens: 3 },
            },
          },
        },
      ),
      { input: 30, cacheRead: 20, output: 8, reasoning: 3 },
    ],
    [
      "gemini",
      gemini,
      sse(
        { candidates: [{}], usageMetadata: { promptTokenCount: 50, candidatesTokenCount: 1 } },
        {
          candidates: [{ finishReason: "STOP" }],
          modelVersion: "m",
          usageMetadata: {
            promptTokenCount: 50,
            cachedContentTokenCount: 20,
            candidatesTokenCount: 5,
            thoughtsTokenCount: 3,
          },
        },
      ),
      { input: 30, cacheRead: 20, output: 8, reasoning: 3 },
    ],
  ] as const)("where %s repeats its totals", async (_, dialect, stream, expected) => {
    const heard = await meter(dialect, "text/event-stream", Buffer.from(stream), { packing: "identity", cuts: [] });
    expect(heard.counted).toEqual({ cacheWrite5m: 0, cacheWrite1h: 0, ...expected });
  });

  test("as a list of answers, which Gemini streams where it is not asked for events", async () => {
    const list = JSON.stringify([
      { candidates: [{}] },
      { candidates: [{ finishReason: "STOP" }], usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2 } },
    ]);
    const heard = await meter(gemini, "application/json", Buffer.from(list), { packing: "identity", cuts: [3] });
    expect(heard.counted).toMatchObject({ input: 5, output: 2 });
  });
});

describe("what cannot be read", () => {
  test.each(["gzip", "br", "zstd", "nonsense", "__proto__"])(
    "is not counted, and does not fail: bytes that are no %s",
    async (packing) => {
      const heard = await meter(anthropic, "text/event-stream", Buffer.from(anthropicStream), {
        packing,
        cuts: [5, 9],
      });
      expect(heard.counted).toBeUndefined();
    },
  );

  test("is ignored in any dialect: JSON of any shape", () => {
    fc.assert(
      fc.property(fc.constantFrom(anthropic, openaiChat, openaiResponses, gemini), fc.jsonValue(), (dialect, value) => {
        const body =
          typeof value === "object" && value !== null && !Array.isArray(value)
            ? value
            : { type: "message", usage: value, choices: value, candidates: value, response: value };
        dialect.readAnswer(body as Parameters<typeof dialect.readAnswer>[0]);
        dialect.readRequest(
          { ...(body as object), tools: value, messages: value, input: value } as Parameters<
            typeof dialect.readRequest
          >[0],
          "/v1beta/models/m:generateContent",
        );
      }),
      { numRuns: 2000 },
    );
  });
});
