import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UserError } from "@claude-orchestrator/domain";
import { makeFolder } from "../testing/folder.ts";
import { readFileTarget, readTarget } from "./target.ts";

function refusal(words: readonly string[], cwd: string): { message: string; hint: string } {
  try {
    readTarget(words, cwd);
  } catch (error) {
    if (error instanceof UserError) return { message: error.message, hint: error.hint ?? "" };
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("what `run` is given", () => {
  test("is a file where there is one of that name, whatever its ending", () => {
    using folder = makeFolder({ "fleet.yaml": "", plan: "" });
    expect(readTarget(["fleet.yaml"], folder.path)).toMatchObject({ kind: "file", shown: "fleet.yaml" });
    expect(readTarget(["plan"], folder.path)).toMatchObject({ kind: "file", shown: "plan" });
  });

  test("is prompts otherwise", () => {
    using folder = makeFolder();
    expect(readTarget(["Explain and/or in src", "Second"], folder.path)).toEqual({
      kind: "prompts",
      prompts: ["Explain and/or in src", "Second"],
    });
  });

  test("is a prompt where it is longer than a file's name may be, or holds what no name may", () => {
    using folder = makeFolder();
    const long = "Explain this ".repeat(40).trim();
    expect(readTarget([long], folder.path)).toEqual({ kind: "prompts", prompts: [long] });
    expect(readTarget(["Explain \0 this"], folder.path)).toMatchObject({ kind: "prompts" });
  });

  test("is one slash command with its arguments where a shell took them apart", () => {
    using folder = makeFolder();
    expect(readTarget(["/review", "src/a.ts", "fast"], folder.path)).toMatchObject({
      prompts: ["/review src/a.ts fast"],
    });
    expect(readTarget(["/review", "/tests"], folder.path)).toMatchObject({ prompts: ["/review", "/tests"] });
  });

  test.each(["nigthly.yaml", "nightly.yml", "nightly", "fleets/nightly.yaml", "fleets", "does/not/exist"])(
    "a mistyped path (%s) never starts anything",
    (word) => {
      using folder = makeFolder({ "nightly.yaml": "", "fleets/other.yaml": "" });
      expect(refusal([word], folder.path).message).toMatch(/There is no file|is a folder/);
    },
  );

  test("a mistyped path is answered with the nearest name", () => {
    using folder = makeFolder({ "nightly.yaml": "" });
    expect(refusal(["nigthly.yaml"], folder.path).hint).toContain("did you mean `nightly.yaml`?");
    expect(refusal(["nightly"], folder.path).hint).toContain("did you mean `nightly.yaml`?");
  });

  test("nothing, beside a file of the usual name, is answered with that name", () => {
    using folder = makeFolder({ "orchestrator.yaml": "" });
    expect(refusal([], folder.path).hint).toContain("did you mean the file `orchestrator.yaml`");
  });

  test("nothing, and a file with more behind it, are refused", () => {
    using folder = makeFolder({ "a.yaml": "" });
    expect(refusal([], folder.path).message).toContain("There is nothing to run");
    expect(refusal(["  "], folder.path).message).toContain("There is nothing to run");
    expect(refusal([], folder.path).hint).toContain("`init` writes a first file");
    expect(refusal(["a.yaml", "more"], folder.path).message).toContain("nothing can follow it");
  });
});

describe("the file of a command that takes no prompt", () => {
  test("is the file of that name", () => {
    using folder = makeFolder({ "fleet.yaml": "" });
    const path = join(folder.path, "fleet.yaml");
    expect(readFileTarget("fleet.yaml", folder.path)).toEqual({ kind: "file", path, shown: "fleet.yaml" });
  });

  test.each([
    ["fleet.yml", "There is no file `fleet.yml`", "did you mean `fleet.yaml`?"],
    ["other", "There is no file `other`", "name a YAML or JSON file; `init` writes a first one"],
    ["explain this", "There is no file `explain this`", "name a YAML or JSON file; `init` writes a first one"],
    [".", "`.` is a folder", "name the file in it"],
  ])("is refused where there is none (%s), without a word of prompts", (word, message, hint) => {
    using folder = makeFolder({ "fleet.yaml": "" });
    expect(() => readFileTarget(word, folder.path)).toThrow(expect.objectContaining({ message, hint }));
  });
});
