import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { longest } from "./longestFirst.ts";

test("the files that are started first are there, each named once", () => {
  const missing = longest.filter((name) => !existsSync(fileURLToPath(new URL(`../../${name}`, import.meta.url))));
  expect(missing).toEqual([]);
  expect(new Set(longest).size).toBe(longest.length);
});
