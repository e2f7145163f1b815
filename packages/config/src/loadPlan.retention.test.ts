import { describe, expect, test } from "vitest";
import { planOf, sentencesOf } from "./testing/loading.ts";

const instances = "instances: [{ name: a, prompt: hello }]";

describe("the retention of a file", () => {
  test("is read in its units, each bound by itself", () => {
    const text = `retention: { age: 30d, count: 100, size: 10GB }\n${instances}`;
    expect(planOf(text).retention).toEqual({ ageMs: 30 * 86_400_000, count: 100, bytes: 10e9 });
    expect(planOf(`retention: { size: 500 }\n${instances}`).retention).toEqual({ bytes: 500 });
    expect(planOf(`retention: {}\n${instances}`)).not.toHaveProperty("retention");
  });

  test("is refused where it would keep nothing or cannot be read", () => {
    const sentences = sentencesOf(`retention: { age: 0s, count: 0, size: huge }\n${instances}`);
    expect(sentences).toEqual([
      expect.stringContaining("must be longer than nothing"),
      expect.stringContaining("a whole number of 1 or more"),
      expect.stringContaining("an amount of disk above 0"),
    ]);
  });
});
