import { describe, expect, test } from "vitest";
import { houseProblems } from "./houseRules.ts";

const mark = (...halves: readonly string[]): string => halves.join("");

describe("the house rules refuse", () => {
  test.each([
    ["work left for later", "packages/cli/src/a.ts", `// ${mark("TO", "DO")}: later`],
    ["a silenced rule", "e2e/a.ts", `// ${mark("oxlint", "-disable")}-next-line no-console`],
    ["a process in a shell", "packages/host/src/a.ts", mark("spawn(file, { shell", ": true })")],
    ["state in a module", "packages/host/src/a.ts", "let started = false;"],
    ["exported state in a module", "packages/host/src/a.ts", "export let started = false;"],
    ["a clock in a pure room", "packages/engine/src/a.ts", "const at = new Date();"],
    ["all of zod", "packages/config/src/a.ts", 'import { z } from "zod";'],
    ["a drawer", "packages/host/src/utils.ts", ""],
    ["a folder of drawers", "packages/host/src/helpers/paths.ts", ""],
  ])("%s, with its line", (_what, path, line) => {
    expect(houseProblems(path, `${line}\n`)).toMatchObject([{ line: 1 }]);
  });
});

test.each([
  ["a local variable", "packages/host/src/a.ts", "  let started = false;"],
  ["a clock where clocks live", "packages/host/src/a.ts", "const at = new Date();"],
  ["a time taken from an event", "packages/engine/src/a.ts", "const at = new Date(event.at);"],
  ["the parts of zod that are used", "packages/config/src/a.ts", 'import * as z from "zod";'],
  ["state in a test", "packages/host/src/a.test.ts", "let started = false;"],
  ["the name of a shell", "packages/cli/src/completion.ts", 'const options = { shell: "bash" };'],
])("the house rules let %s pass", (_what, path, line) => {
  expect(houseProblems(path, line)).toEqual([]);
});
