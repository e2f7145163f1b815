import { describe, expect, test } from "vitest";
import { UserError } from "@claude-orchestrator/domain";
import { commands } from "../commands/list.ts";
import { fromOlderForm } from "./olderForms.ts";
import { parseArguments } from "./parse.ts";

function parse(...argv: readonly string[]): { name: string; words: readonly string[]; flags: object } {
  const parsed = parseArguments(argv, commands);
  if (parsed.kind === "help") throw new Error(`help came instead: ${parsed.text}`);
  return { name: parsed.command.name, words: parsed.words, flags: parsed.flags };
}

function helpOf(...argv: readonly string[]): string {
  const parsed = parseArguments(argv, commands);
  return parsed.kind === "help" ? parsed.text : "";
}

function mistake(...argv: readonly string[]): { message: string; hint: string | undefined } {
  try {
    parseArguments(argv, commands);
  } catch (error) {
    if (error instanceof UserError) return { message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("the command line", () => {
  test("gives words and flags by their names", () => {
    expect(parse("run", "a.yaml", "--var", "a=1", "--var", "b=2", "--quiet", "--concurrency", "3")).toMatchObject({
      name: "run",
      words: ["a.yaml"],
      flags: { var: ["a=1", "b=2"], only: [], quiet: true, json: false, concurrency: 3, model: undefined },
    });
  });

  test("knows the ancestor's names of flags that mean the same", () => {
    expect(parse("run", "x", "--overall-cost-budget", "2.5", "--budget-enforcement-mode", "block")).toMatchObject({
      flags: { "budget-usd": 2.5, "on-exceed": "block" },
    });
  });

  test("reads commands of two words", () => {
    expect(parse("commands", "inspect", "/x", "a").words).toEqual(["/x", "a"]);
    expect(parse("runs", "list").name).toBe("runs list");
  });

  test("takes what follows -- as it stands", () => {
    expect(parse("run", "--", "--quiet is no flag here").words).toEqual(["--quiet is no flag here"]);
  });

  test.each([
    [["runn"], "There is no command `runn`", "did you mean `run` or `runs`?"],
    [["run", "--quite"], "Unknown option `--quite`", "did you mean `--quiet`?"],
    [["show"], "Missing required argument `RUN`", "`claude-orchestrator show --help` tells what can be written there"],
    [
      ["frobnicate"],
      "There is no command `frobnicate`",
      expect.stringMatching(/^there are run, plan, init, .*; `claude-orchestrator --help` tells what each does$/),
    ],
    [["validate", "a.yaml"], "There is no command `validate`", "did you mean `plan`?"],
    [["runs", "lst"], "There is no command `runs lst`", "did you mean `runs list`?"],
    [["help", "frobnicate"], "There is no command `frobnicate`", expect.stringContaining("there are run")],
    [
      ["fleet.yaml"],
      "There is no command `fleet.yaml`",
      "a file or a prompt is run by `claude-orchestrator run fleet.yaml`",
    ],
    [
      ["Find bugs"],
      "There is no command `Find bugs`",
      'a file or a prompt is run by `claude-orchestrator run "Find bugs"`',
    ],
    [
      ["doctor", "now"],
      "`doctor` takes no words, but was given `now`",
      "`claude-orchestrator doctor --help` tells what can be written there",
    ],
    [
      ["run", "x", "--concurrency", "many"],
      "`--concurrency` needs a number of 0 or more, not `many`",
      "such as `--concurrency 3`",
    ],
  ])("%j is refused in a sentence with the next step", (argv, message, hint) => {
    expect(mistake(...argv)).toEqual({ message, hint });
  });

  test("prints the version where it is asked for before a command", () => {
    expect(helpOf("--version")).toMatch(/^claude-orchestrator \d+\.\d+\.\d+/);
  });
});

describe("every command", () => {
  test.each(commands.map((command) => [command.name, command] as const))(
    "%s has help with examples that parse",
    (name, command) => {
      const help = helpOf(...name.split(" "), "--help");
      expect(help).toContain(command.summary);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) {
        expect(help).toContain(example);
        const words = (example.replace(/ > .*/, "").match(/"[^"]*"|\S+/g) ?? []).map((word) =>
          word.replaceAll('"', ""),
        );
        expect(parse(...words).name).toBe(name);
      }
    },
  );

  test("is named with its summary in the root help, with the exit codes", () => {
    const help = helpOf("--help");
    for (const { name } of commands) expect(help).toContain(` ${name.split(" ")[0]}`);
    expect(help).toContain("Exit codes:");
  });
});

describe("the ancestor's form", () => {
  test.each([
    [
      ["--config", "a.json", "--dry-run"],
      ["run", "--config", "a.json", "--dry-run"],
    ],
    [["--config=a.json"], ["run", "--config=a.json"]],
    [
      ["--workspace", "w", "--list-commands"],
      ["commands", "list", "--workspace", "w"],
    ],
    [
      ["--inspect-command", "/x", "--workspace", "w"],
      ["commands", "inspect", "/x", "--workspace", "w"],
    ],
    [["--inspect-command=/x"], ["commands", "inspect", "/x"]],
    [
      ["run", "--config", "a.json"],
      ["run", "--config", "a.json"],
    ],
    [["--help"], ["--help"]],
    [["/analyze"], ["/analyze"]],
  ])("%j means %j", (given, meant) => {
    expect(fromOlderForm(given)).toEqual(meant);
  });
});
