import { describe, expect, test } from "vitest";
import { planOf, problemsOf } from "./testing/loading.ts";

const fileWith = (name: string): string => `{"instances":[{"name":${JSON.stringify(name)},"prompt":"x"}]}`;

describe("a name", () => {
  test.each(["a\u2028b", "a\u2029b", "a\u202eb", "a\u202a", "a\u2066b", "\u2069", "a\ud83d", "\udc00b", "a\u0085b"])(
    "that would lie on a screen is refused: %j",
    (name) => {
      const [problem] = problemsOf(fileWith(name), { fileName: "fleet.json" });
      expect(problem?.message).toContain("must be a name of 1 to 200 characters, on one line");
    },
  );

  test("is as long as it has characters, also where one takes two units", () => {
    const name = "🚀".repeat(200);
    expect(planOf(fileWith(name), { fileName: "fleet.json" }).instances[0]?.name).toBe(name);
    expect(problemsOf(fileWith(`${name}x`), { fileName: "fleet.json" })).toHaveLength(1);
  });

  test("made of a prompt or of a matrix is never cut through a character, and never turns a line round", () => {
    const prompt = `a\u202e${"🚀".repeat(40)}`;
    const text = JSON.stringify({
      instances: [{ prompt }, { name: "m", prompt: "x", matrix: { k: [`a${"🚀".repeat(40)}`] } }],
    });
    for (const { name, description = "" } of planOf(text, { fileName: "fleet.json" }).instances) {
      expect([name.isWellFormed(), description.isWellFormed(), /\p{Bidi_Control}/u.test(name)]).toEqual([
        true,
        true,
        false,
      ]);
    }
  });
});

test("an excerpt never cuts a surrogate pair, wherever it begins and ends", () => {
  for (const lead of ["", "y"]) {
    const text = `{"instances":[{"name":"a","prompt":"${lead}${"🚀".repeat(120)}","nonsense":1,"more":"${lead}${"🚀".repeat(80)}"}]}`;
    for (const { excerpt, message } of problemsOf(text, { fileName: "fleet.json" })) {
      expect([excerpt.isWellFormed(), excerpt.includes("\ufffd"), message.isWellFormed()]).toEqual([true, false, true]);
    }
  }
});
