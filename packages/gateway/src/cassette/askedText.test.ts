import type { JsonObject } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { askedText, wholeText } from "./askedText.ts";
import { createPlaces } from "./places.ts";

function textOf(body: JsonObject, workspace = "/home/ann/project"): string {
  const places = createPlaces({ workspace, home: workspace.replace(/\/[^/]*$/, "") });
  return wholeText(askedText({ method: "POST", address: "/anthropic/v1/messages", body }, places, (text) => text));
}

const says = (text: string): JsonObject => ({ model: "m", messages: [{ role: "user", content: text }] });

describe("what is asked", () => {
  test.each([
    ["in another folder and home", says("see /home/ann/project/a.ts"), says("see /srv/ci/build/a.ts"), "/srv/ci/build"],
    [
      "on another day",
      says("Today's date is 2026-11-25, Wed Nov 25 2026"),
      says("Today's date is 2027-01-02, Sat Jan 2 2027"),
    ],
    ["on another system", says("OS Version: Linux 6.1\nShell: bash"), says("OS Version: Darwin 25\nShell: zsh")],
    [
      "after other commits",
      says("x\ngitStatus: This is the git status a\nabc"),
      says("x\ngitStatus: This is the git status b"),
    ],
    [
      "in another session, cached otherwise",
      { ...says("a"), metadata: { user_id: "1" } },
      { ...says("a"), prompt_cache_key: "k" },
    ],
    ["with calls numbered by the clock", says("ls_1795626690213_0"), says("ls_1795626704032_0")],
    ["by a tool that took longer", says("passed in 1.2s"), says("passed in 31 ms")],
    ["with its fields in another order", { a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: 1 }],
  ] as const)("is the same %s", (_, one, other, folder?: string) => {
    expect(textOf(other, folder)).toBe(textOf(one));
  });

  test("is the same in whatever order tools that worked side by side came to their ends", () => {
    const results = ["toolu_1", "toolu_2"].map((id) => ({ type: "tool_result", tool_use_id: id, content: id }));
    const ask = (content: readonly JsonObject[]): JsonObject => ({ messages: [{ role: "user", content }] });
    expect(textOf(ask(results.toReversed()))).toBe(textOf(ask(results)));
  });

  test.each([
    ["words", says("a"), says("b")],
    ["a model", says("a"), { ...says("a"), model: "n" }],
    ["instructions", { ...says("a"), system: "be kind" }, { ...says("a"), system: "be quick" }],
    ["tools", { ...says("a"), tools: [] }, { ...says("a"), tools: [{ name: "Bash" }] }],
  ] as const)("is another with other %s", (_, one, other) => {
    expect(textOf(other)).not.toBe(textOf(one));
  });
});
