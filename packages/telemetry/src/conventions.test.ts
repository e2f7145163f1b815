import * as conventions from "@opentelemetry/semantic-conventions/incubating";
import { priceCatalogue } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { names, operations, ownNames, providerOf, providers, usageAttributes } from "./conventions.ts";

const known = new Set<unknown>(Object.values(conventions));

test("every name that is OpenTelemetry's is in its conventions, and none of ours is", () => {
  expect(Object.values(names).filter((name) => !known.has(name))).toEqual([]);
  expect(Object.values(ownNames).filter((name) => !name.startsWith("claude_orchestrator."))).toEqual([]);
});

test("operations and providers are called as the conventions call them", () => {
  expect([...Object.values(operations), ...Object.values(providers)].filter((word) => !known.has(word))).toEqual([]);
});

test("the provider of a model is known for every model of the catalogue, and for no other", () => {
  expect(priceCatalogue.map(({ model }) => providerOf(model)).filter((provider) => provider === undefined)).toEqual([]);
  expect([providerOf("gpt-from-elsewhere-1"), providerOf(undefined)]).toEqual([undefined, undefined]);
});

test("what was read from and written to a cache is input, and reasoning is within output", () => {
  const usage = { input: 1, output: 20, cacheRead: 300, cacheWrite5m: 4000, cacheWrite1h: 50_000, reasoning: 7 };
  expect(usageAttributes(usage)).toEqual({
    "gen_ai.usage.input_tokens": 54_301,
    "gen_ai.usage.output_tokens": 20,
    "gen_ai.usage.cache_read.input_tokens": 300,
    "gen_ai.usage.cache_creation.input_tokens": 54_000,
    "gen_ai.usage.reasoning.output_tokens": 7,
  });
});
