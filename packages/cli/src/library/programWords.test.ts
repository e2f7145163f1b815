import { expect, test } from "vitest";
import { inProgramWords } from "./programWords.ts";

test.each([
  ["`--budget-usd` needs a number", "`budgetUsd` needs a number"],
  ["such as `--budget-usd 3`", "such as `budgetUsd: 3`"],
  ["choose a shorter folder with `--runs-dir FOLDER`", "choose a shorter folder with `runsFolder`"],
  ["write `gateway: on`, or add `--gateway on`", "write `gateway: on`, or add `gateway: true`"],
  ["option `--gateway <on|off>` is wrong", "option `gateway` is wrong"],
  ["leave it out with `--only`, or `--only a`", 'leave it out with `only`, or `only: ["a"]`'],
  ["name its path with `--agent-path codex=/bin/codex`", 'name its path with `agentPaths: { "codex": "/bin/codex" }`'],
  ["begin with `--start-at 14:30`", 'begin with `startAt: "14:30"`'],
])("a flag is named as the option that a program has for it: %s", (spoken, meant) => {
  expect(inProgramWords(spoken)).toBe(meant);
});

test.each([
  "`--record FOLDER` is no option of a program",
  "`claude-orchestrator stop run_1 --runs-dir /tmp/runs` is for a person to type",
  "the program's own `claude --model=haiku`",
])("what names no option stays as it is: %s", (text) => {
  expect(inProgramWords(text)).toBe(text);
});
