import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commands, hiddenCommands } from "../commands/list.ts";
import { completionScript } from "../completion/completionScript.ts";
import { parseArguments } from "../program/parse.ts";
import { makeFolder } from "../testing/folder.ts";
import { reapRun } from "./reapRun.ts";

test("the program's own commands stand in no help and no completion", () => {
  const help = parseArguments([], commands);
  for (const { name, arguments: words } of hiddenCommands) {
    expect(help).toMatchObject({ kind: "help" });
    expect(JSON.stringify(help)).not.toContain(` ${name} `);
    expect(completionScript("bash")).not.toMatch(new RegExp(`\\b${name}\\b`));
    expect(parseArguments([name, ...words.map(() => "/x")], hiddenCommands)).toMatchObject({ kind: "command" });
  }
});

test("a run of which nothing is left, or whose folder has gone, is reaped in silence", async () => {
  using folder = makeFolder({});
  const directory = join(folder.path, "run_0000000000");
  mkdirSync(directory);
  expect(await reapRun(directory, { since: undefined, grace: 0 })).toBe(0);
  expect(await reapRun(join(folder.path, "run_0000000001"), { since: Date.now(), grace: 0 })).toBe(0);
});

test("what is no folder of a run is refused", async () => {
  await expect(reapRun("/tmp", { since: undefined, grace: 0 })).rejects.toThrow("/tmp is not the folder of a run");
});
