import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyDraft } from "./draft.ts";
import { readDraft } from "./keptDraft.ts";

describe("a draft that was kept", () => {
  it("comes back as it was", () => {
    const draft = { ...emptyDraft, source: "prompts" as const, prompts: "Say hello", budgetUsd: "1" };
    expect(readDraft(JSON.stringify(draft))).toEqual(draft);
  });

  it("is a whole draft whatever the browser kept", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const draft = readDraft(text);
        if (draft === undefined) return;
        expect(Object.keys(draft)).toEqual(Object.keys(emptyDraft));
        for (const value of Object.values(draft)) expect(typeof value).toBe("string");
      }),
    );
  });

  it("takes no source that it does not know", () => {
    expect(readDraft('{"source":"x","text":"a"}')).toEqual({ ...emptyDraft, text: "a" });
    expect(readDraft('{"toString":"x","text":"a"}')).toEqual({ ...emptyDraft, text: "a" });
  });
});
