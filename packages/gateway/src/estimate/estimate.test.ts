import { costOf, noUsage, priceCatalogue } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anthropic } from "../dialects/anthropic.ts";
import { openaiResponses } from "../dialects/openaiResponses.ts";
import { HeardAnswer } from "../usage/heardAnswer.ts";
import { InputEstimate } from "./inputEstimate.ts";
import { settlementOf } from "./settlement.ts";
import { worstOf, worstUnread } from "./worstCase.ts";

describe("the tokens of a body", () => {
  test("are at most one a byte until the API has counted some, then by the densest of them", () => {
    const estimate = new InputEstimate();
    expect(estimate.atMost("m", 10_000)).toBe(11_024);
    for (let at = 0; at < 8; at += 1) estimate.learn("m", 10_000, at === 3 ? 4000 : 2500);
    expect(estimate.atMost("m", 10_000)).toBe(6024);
    expect(estimate.atMost("another", 10_000)).toBe(11_024);
  });

  test("are never taken to be fewer than in any of the last bodies counted", () => {
    const density = fc.double({ min: 0.26, max: 0.8, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(density, { minLength: 8, maxLength: 64 }),
        fc.integer({ min: 2000, max: 1e6 }),
        (seen, bytes) => {
          const estimate = new InputEstimate();
          for (const each of seen) estimate.learn("m", 100_000, Math.round(each * 100_000));
          expect(estimate.atMost("m", bytes)).toBeGreaterThanOrEqual(Math.min(bytes, Math.max(...seen) * bytes));
        },
      ),
    );
  });

  test("are learnt for so many models only, since names come from agents", () => {
    const estimate = new InputEstimate();
    for (let model = 0; model < 1000; model += 1) {
      for (let at = 0; at < 8; at += 1) estimate.learn(`m${model}`, 10_000, 2500);
    }
    expect([estimate.atMost("m0", 10_000), estimate.atMost("m999", 10_000)]).toEqual([4149, 11_024]);
  });
});

const priced = priceCatalogue.filter(({ vendor }) => vendor === "anthropic").map(({ model }) => model);

describe("the most a request can cost", () => {
  test("is never less than what it comes to, whatever of its prompt is cached and however much it answers", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(...priced),
        fc.integer({ min: 0, max: 300_000 }),
        fc.tuple(share, share, share),
        (model, prompt, [read, write, said]) => {
          const asked = { model, maxOutput: 32_000, cacheWrites: "1h", pointsOutside: false } as const;
          const cacheRead = Math.floor(prompt * read);
          const cacheWrite1h = Math.floor((prompt - cacheRead) * write);
          const input = prompt - cacheRead - cacheWrite1h;
          const usage = { ...noUsage, input, cacheRead, cacheWrite1h, output: Math.floor(32_000 * said) };
          expect(costOf(model, usage, "call") ?? 0).toBeLessThanOrEqual(
            (worstOf(asked, "anthropic", prompt).costUsd ?? 0) + 1e-9,
          );
        },
      ),
    );
  });

  test("is that of the longest to the dearest model where it is too long to be read", () => {
    const { tokens, costUsd = 0 } = worstUnread("anthropic");
    expect(tokens).toBe(1_128_000);
    expect(
      Math.max(...priced.map((model) => costOf(model, { ...noUsage, input: 1_000_000, output: 128_000 }, "call") ?? 0)),
    ).toBe(costUsd);
  });

  test("is not known of a model without a price, nor of tools the API runs, and so neither in dollars", () => {
    const unknown = anthropic.readRequest({ model: "nobody-1", max_tokens: 5 }, "");
    const searching = anthropic.readRequest(
      { model: "claude-opus-5-5", tools: [{ type: "web_search_20250305", name: "web_search" }] },
      "",
    );
    const own = anthropic.readRequest(
      { model: "claude-opus-5-5", tools: [{ name: "Bash" }, { type: "bash_20250124", name: "bash" }] },
      "",
    );
    const fast = openaiResponses.readRequest({ model: "gpt-5.5", service_tier: "priority" }, "");
    const costs = [unknown, searching, own, fast].map((asked) => worstOf(asked, "anthropic", 10).costUsd !== undefined);
    expect(costs).toEqual([false, false, true, false]);
    expect(searching.unpriced).toBe("the tool web_search, which the API runs");
  });

  test("includes the longest prompt there is where the body only points at something", () => {
    const byAddress = anthropic.readRequest(
      { model: "m", messages: [{ content: [{ type: "image", source: { type: "url", url: "https://a" } }] }] },
      "",
    );
    const text = anthropic.readRequest({ model: "m", messages: [{ content: 'an "url" and a "file_id"' }] }, "");
    const earlier = openaiResponses.readRequest({ model: "m", previous_response_id: "resp_1" }, "");
    expect([byAddress, text, earlier].map(({ pointsOutside }) => pointsOutside)).toEqual([true, false, true]);
    expect(worstOf(byAddress, "anthropic", 0).tokens).toBe(1_128_000);
  });

  test("says how much of it is the prompt, but where that is not in the body", () => {
    const asked = { model: "m", maxOutput: 5, cacheWrites: "none" } as const;
    expect(worstOf({ ...asked, pointsOutside: false }, "anthropic", 10)).toMatchObject({ tokens: 15, input: 10 });
    expect(worstOf({ ...asked, pointsOutside: true }, "anthropic", 10)).not.toHaveProperty("input");
  });
});

describe("what a request cost", () => {
  const ended = {
    asked: { model: "claude-opus-5-5", maxOutput: 10 },
    heard: undefined,
    outcome: "abandoned",
    status: undefined,
    likelyInput: 500,
    wasSent: true,
    durationMs: 1,
  } as const;

  test("is nothing where nothing was sent, or the API refused it", () => {
    expect(settlementOf({ ...ended, wasSent: false })).toMatchObject({
      usage: noUsage,
      costUsd: 0,
      counted: "reported",
    });
    expect(settlementOf({ ...ended, status: 529 })).toMatchObject({ usage: noUsage, costUsd: 0, counted: "reported" });
  });

  test("is its prompt and what was said by then where it broke off, never more than was asked for", () => {
    const heard = new HeardAnswer(anthropic);
    heard.takeText(JSON.stringify({ type: "content_block_delta", delta: { text: "x".repeat(9000) } }));
    expect(settlementOf({ ...ended, heard }).usage).toEqual({ ...noUsage, input: 500, output: 10 });
  });

  test("is not known in dollars where the API charged for more than tokens", () => {
    const heard = new HeardAnswer(anthropic);
    const usage = { input_tokens: 1, output_tokens: 1, server_tool_use: { web_search_requests: 2 } };
    heard.takeText(JSON.stringify({ type: "message", model: "claude-opus-5-5", usage }));
    const end = settlementOf({ ...ended, heard, outcome: "answered", status: 200 });
    expect([end.counted, end.costUsd]).toEqual(["reported", undefined]);
  });
});
