import { UserError } from "@claude-orchestrator/domain";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Interaction } from "./interaction.ts";
import { interactionText, readTape } from "./tapeText.ts";

const text = fc.string({ unit: fc.constantFrom("a", " ", "\n", "@@ ", "é", "end whole", '"') });
const answer = fc.record({
  status: fc.integer({ min: 200, max: 599 }),
  headers: fc.array(fc.tuple(fc.constantFrom("content-type", "retry-after"), fc.constantFrom("text/plain", "1", ""))),
  written: fc.constantFrom("text" as const, "base64" as const),
  pieces: fc.array(fc.record({ afterMs: fc.nat(), text }), { maxLength: 4 }),
  end: fc.constantFrom("whole" as const, "cut" as const, "left" as const),
});
const asked = fc.record({ head: fc.constant("POST /openai/v1/responses"), fields: text, messages: fc.array(text) });
const tape = fc
  .array(fc.record({ asked, answer }), { maxLength: 5 })
  .map((all) => all.map((each, at): Interaction => ({ number: at + 1, ...each })));

function written(interactions: readonly Interaction[]): string {
  return interactions.map((each, at) => interactionText(each, interactions.slice(0, at))).join("");
}

function problemOf(bad: string): unknown {
  try {
    readTape(bad, "tapes/t.txt");
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("a tape", () => {
  test("is read as it was written, whatever is on it", () => {
    fc.assert(
      fc.property(tape, (interactions) => {
        expect(readTape(written(interactions), "t")).toEqual(interactions);
      }),
    );
  });

  test("says a conversation once that goes on from request to request", () => {
    const whole = (number: number, messages: readonly string[]): Interaction => ({
      number,
      asked: { head: "POST /anthropic/v1/messages", fields: "model: m", messages },
      answer: { status: 200, headers: [], written: "text", pieces: [], end: "whole" },
    });
    const both = written([whole(1, ["long question"]), whole(2, ["long question", "more"])]);
    expect(both.match(/long question/g)).toHaveLength(1);
    expect(both).toContain("@@ goes on after 1");
  });

  test("that is cut off, or is none, is bad input and nothing worse", () => {
    const broken = fc.oneof(
      fc.string(),
      text,
      fc.tuple(tape, fc.nat(), text).map(([interactions, at, more]) => {
        const good = written(interactions);
        const from = at % (good.length + 1);
        return `${good.slice(0, from)}${more}${good.slice(from + more.length)}`;
      }),
    );
    fc.assert(
      fc.property(broken, (bad) => {
        const problem = problemOf(bad);
        return problem === undefined || (problem instanceof UserError && problem.code === "cassette-not-usable");
      }),
      { numRuns: 2000 },
    );
  });
});
