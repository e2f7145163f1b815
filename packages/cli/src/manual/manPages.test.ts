import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "../commands/list.ts";
import { makeFolder } from "../testing/folder.ts";
import { manPages } from "./manPages.ts";

const facts = { version: "1.2.3", date: "2026-11-25" };
const pages = manPages(facts);

const isThere = (program: string, flag: string): boolean => spawnSync(program, [flag]).error === undefined;
const judges = [
  { program: "mandoc", words: ["-T", "lint", "-W", "all"], isThere: isThere("mandoc", "-V") },
  { program: "groff", words: ["-man", "-Tutf8", "-ww", "-z"], isThere: isThere("groff", "-v") },
];

test("the program and each command have a page, under the names `man` takes for words in a row", () => {
  expect(pages.map(({ name }) => name)).toEqual([
    "claude-orchestrator",
    ...commands.map(({ name }) => `claude-orchestrator-${name.replaceAll(" ", "-")}`),
  ]);
});

test.each(commands.map((command) => [command.name, command] as const))(
  "the page of %s leaves out nothing its help tells",
  (name, command) => {
    const text = pages.find((page) => page.name === `claude-orchestrator-${name.replaceAll(" ", "-")}`)?.text ?? "";
    const flags = Object.entries(command.flags).filter(([, spec]) => spec.hidden !== true);
    const missing = flags.map(([flag]) => `--${flag}`).filter((flag) => !text.includes(flag.replaceAll("-", "\\-")));
    expect(missing).toEqual([]);
    expect(text.split(".SH EXAMPLES")[1]?.match(/^claude\\-orchestrator /gm)).toHaveLength(command.examples.length);
  },
);

test("the same facts give the same bytes, and nothing but ASCII", () => {
  expect(manPages(facts)).toEqual(pages);
  expect(pages.filter(({ text }) => /[^\n\u0020-\u007E]/.test(text))).toEqual([]);
});

describe("no page has a fault that", () => {
  test.each(judges)("$program finds", ({ program, words, isThere: can }) => {
    if (!can) return console.log(`${program} is not installed: it has judged no page`);
    using folder = makeFolder(Object.fromEntries(pages.map(({ name, text }) => [`${name}.1`, text])));
    const said = pages.flatMap(({ name }) => {
      const { stdout, stderr } = spawnSync(program, [...words, join(folder.path, `${name}.1`)], { encoding: "utf8" });
      return [stdout, stderr].filter((text) => text !== "");
    });
    expect(said).toEqual([]);
  });
});
