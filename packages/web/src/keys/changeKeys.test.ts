import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyGroups } from "./bindings.ts";
import { whyNot, withKeys } from "./changeKeys.ts";
import { keyOf, namesOf } from "./typedKeys.ts";

const plain = { code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe("a key that was typed", () => {
  it("is called by its letter and what is held with it, whatever the keyboard writes then", () => {
    expect(keyOf({ ...plain, key: "?", shiftKey: true })).toBe("?");
    expect(keyOf({ ...plain, key: "Y", shiftKey: true })).toBe("shift+y");
    expect(keyOf({ ...plain, key: "k", metaKey: true })).toBe("mod+k");
    expect(keyOf({ ...plain, key: "Dead", code: "KeyN", altKey: true })).toBe("alt+n");
  });
});

describe("a key that is changed", () => {
  it("does what the old one did, which does it no more", () => {
    const changed = withKeys({}, "n", "alt+n");
    expect(namesOf("alt+n", changed)).toContain("n");
    expect(namesOf("n", changed)).not.toContain("n");
    expect(withKeys(changed, "n", undefined)).toEqual({});
  });

  it("may be free, or its own; not another's, the first of two, or one that the browser needs", () => {
    expect(whyNot("n", "alt+n", {})).toBeUndefined();
    expect(whyNot("n", "n", {})).toBeUndefined();
    expect(whyNot("n", "f", {})).toBe("f is taken: Follow the log’s end");
    expect(whyNot("n", "g", {})).toMatch(/first of two/);
    expect(whyNot("n", "Tab", {})).toMatch(/use of its own/);
    expect(whyNot("f", "n", { n: "alt+n" })).toBeUndefined();
  });

  it("leaves every key of the table with one meaning, whatever is changed one after the other", () => {
    const names = keyGroups.flatMap(([, all]) => all.map(({ keys }) => keys)).filter((keys) => keys.length === 1);
    const change = fc.record({
      name: fc.constantFrom(...names),
      typed: fc.constantFrom(...names, "alt+a", "q", "Tab"),
    });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        let changed: Readonly<Record<string, string>> = {};
        for (const { name, typed } of changes) {
          if (whyNot(name, typed, changed) === undefined) changed = withKeys(changed, name, typed);
        }
        for (const typed of [...names, "alt+a", "q"]) {
          expect(namesOf(typed, changed).filter((each) => names.includes(each)).length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
