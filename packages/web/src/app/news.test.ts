import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newsOf } from "./news.ts";

const now = new Date().toISOString();
const later = Date.now() + 60_000;
const run = (id: string, status: string) => ({
  run: id,
  name: id,
  status,
  ended_at: status === "running" || status === "interrupted" ? null : now,
});

describe("what is read out by itself", () => {
  it("is that a run has ended, and that it needs somebody", () => {
    const before = [run("a", "running"), run("b", "running"), run("c", "running"), run("d", "succeeded")];
    const after = [run("a", "succeeded"), run("b", "failed"), run("c", "running"), run("d", "succeeded")];
    expect(newsOf(before, after, later)).toEqual(["a: succeeded", "b: failed. It is in the inbox"]);
  });

  it("is a number where many end at once, as after a time without the server", () => {
    const ids = ["a", "b", "c", "d", "e"];
    const after = ids.map((id, index) => run(id, index === 0 ? "failed" : "succeeded"));
    expect(
      newsOf(
        ids.map((id) => run(id, "running")),
        after,
        later,
      ),
    ).toEqual(["5 runs ended, 1 of them in the inbox"]);
  });

  it("is also what began and ended between two looks", () => {
    expect(newsOf([], [run("a", "failed"), run("b", "running")], later - 120_000)).toEqual([
      "a: failed. It is in the inbox",
    ]);
  });

  it("is told once: the same list again, or what had ended before one looked, is no news", () => {
    const list = fc.array(
      fc.record({ id: fc.string(), status: fc.constantFrom("running", "failed", "succeeded", "interrupted") }),
    );
    fc.assert(
      fc.property(list, (runs) => {
        const told = runs.map(({ id, status }) => run(id, status)).toSorted((a, b) => a.run.localeCompare(b.run));
        const unlike = told.filter(({ run: id }, index) => id !== told[index - 1]?.run);
        expect(newsOf(unlike, unlike, later)).toEqual([]);
        expect(newsOf([], unlike, later)).toEqual([]);
      }),
    );
  });
});
