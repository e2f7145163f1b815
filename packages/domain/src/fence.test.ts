import { expect, test } from "vitest";
import { insideFence } from "./fence.ts";

test("one fenced block is opened, with or without a language, with blank lines around", () => {
  expect(insideFence('\n```json  \n{"a": 1}\n```\n\n')).toBe('{"a": 1}\n');
  expect(insideFence("```\n\n[1]```")).toBe("\n[1]");
  expect(insideFence("```json\n```")).toBe("");
});

test("a text that is no such block as a whole is left alone", () => {
  expect(["{}", "so: ```json\n{}\n```", "```json\n{}", "```js\n{}\n```", "``````", "```\n``"].map(insideFence)).toEqual(
    Array.from({ length: 6 }, () => undefined),
  );
});

test("millions of line ends behind an open fence are answered, not chewed on", () => {
  expect(insideFence(`\`\`\`json\n${"\n".repeat(4_000_000)}x`)).toBeUndefined();
});
