import { shellWord } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { execFileSync } from "node:child_process";
import { commandOf, draftProblems, emptyDraft, hasContent, splitPrompts, wishOf } from "./draft.ts";

describe("a draft of a run", () => {
  it("asks with what its source holds, and with nothing that was left blank", () => {
    const draft = { ...emptyDraft, text: "name: a", file: "other.yaml", prompts: "other", agent: "codex" };
    expect(wishOf(draft)).toEqual({ text: "name: a" });
    expect(wishOf({ ...draft, source: "file" })).toEqual({ file: "other.yaml" });
    expect(wishOf({ ...draft, source: "prompts" })).toEqual({ prompts: ["other"], agent: "codex" });
  });

  it("takes bounds and variables as typed", () => {
    const draft = {
      ...emptyDraft,
      source: "file" as const,
      file: " a.yaml ",
      budgetUsd: "2.5",
      budgetTokens: "1000",
      concurrency: "3",
      variables: "where=eu\n\nwhat=a=b",
    };
    expect(wishOf(draft)).toEqual({
      file: "a.yaml",
      budget_usd: 2.5,
      budget_tokens: 1000,
      concurrency: 3,
      variables: { where: "eu", what: "a=b" },
    });
    expect(commandOf(draft)).toBe(
      "claude-orchestrator run a.yaml --budget-usd 2.5 --budget-tokens 1000 --concurrency 3 --var where=eu --var what=a=b",
    );
  });

  it("names the file in a terminal as what it is, and never as a flag", () => {
    expect(commandOf({ ...emptyDraft, text: '{ "name": "a" }' })).toBe("claude-orchestrator run fleet.json");
    expect(commandOf({ ...emptyDraft, text: "name: a" })).toBe("claude-orchestrator run fleet.yaml");
    expect(commandOf({ ...emptyDraft, source: "file", file: "-a.yaml" })).toBe("claude-orchestrator run ./-a.yaml");
  });

  it("says which field is wrong", () => {
    const wrong = { ...emptyDraft, budgetUsd: "-1", budgetTokens: "1.5", concurrency: "0", variables: "none" };
    expect(Object.keys(draftProblems(wrong))).toEqual(["budgetUsd", "budgetTokens", "concurrency", "variables"]);
    expect(draftProblems(emptyDraft)).toEqual({});
  });

  it("has content only where something is written for its own source", () => {
    expect(hasContent({ ...emptyDraft, file: "a.yaml" })).toBe(false);
    expect(hasContent({ ...emptyDraft, source: "file", file: "a.yaml" })).toBe(true);
  });

  it("parts prompts at a line of dashes", () => {
    expect(splitPrompts("one\nmore\n---\n\n two \n-----\n")).toEqual(["one\nmore", "two"]);
  });

  it("writes words that a shell reads back as they were", () => {
    const words = fc.array(
      fc.string().filter((word) => !word.includes("\0")),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(words, (given) => {
        const line = `for word in ${given.map((word) => shellWord(word)).join(" ")}; do printf '%s\\0' "$word"; done`;
        const read = execFileSync("/bin/sh", ["-c", line], { env: {} }).toString("utf8").split("\0").slice(0, -1);
        expect(read).toEqual(given.map((word) => Buffer.from(word).toString("utf8")));
      }),
      { numRuns: 20 },
    );
  });
});
