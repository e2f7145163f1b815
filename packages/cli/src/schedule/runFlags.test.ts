import { describe, expect, test } from "vitest";
import { readRunFlags } from "./runFlags.ts";

test("flags of `run` are read as `run` reads them", () => {
  const flags = readRunFlags("f.yaml", ["--var", "branch=main", "--only", "a", "--budget-usd", "2.5"]);
  expect(flags).toMatchObject({ var: ["branch=main"], only: ["a"], "budget-usd": 2.5 });
});

describe("what a schedule cannot have", () => {
  test.each([
    [["extra.yaml"], "After `--` come flags of `run`, not `extra.yaml`"],
    [["--help"], "After `--` come flags of `run`, such as `--budget-usd 5`"],
    [["--start-at", "2am"], "`--start-at` cannot be scheduled: the schedule says when"],
    [["--json"], "`--json` cannot be scheduled: nobody reads it; `show RUN --json` tells the same afterwards"],
    [["--detach"], "`--detach` cannot be scheduled: its runs have no terminal anyway"],
    [["--prompt", "hi"], "`--prompt` cannot be scheduled: a schedule runs a file"],
    [["--schedule-slot", "x"], "`--schedule-slot` cannot be scheduled: it is the daemon's own"],
    [["--var", "API_KEY=abc"], "`--var API_KEY=…` looks like a secret, and a schedule is kept on disk"],
    [["--var", "dbPassword=abc"], "`--var dbPassword=…` looks like a secret, and a schedule is kept on disk"],
  ])("%j", (words, message) => {
    expect(() => readRunFlags("f.yaml", words)).toThrow(expect.objectContaining({ code: "usage", message }));
  });

  test("an unknown flag is refused with the nearest one", () => {
    expect(() => readRunFlags("f.yaml", ["--budgetusd", "2"])).toThrow(
      expect.objectContaining({ hint: "did you mean `--budget-usd`?" }),
    );
  });
});
