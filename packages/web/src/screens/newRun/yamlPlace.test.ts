import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { yamlPlace } from "./yamlPlace.ts";

/** Where `|` is. */
function placeIn(marked: string) {
  const offset = marked.indexOf("|");
  const place = yamlPlace(marked.slice(0, offset) + marked.slice(offset + 1), offset);
  return place === undefined
    ? undefined
    : {
        path: place.path.map((step) => (step === "item" ? "-" : step.key)).join("."),
        kind: place.kind,
        typed: place.typed,
      };
}

describe("the place in a file", () => {
  it("is a field of the whole file at its left edge", () => {
    expect(placeIn("name: a\ncon|")).toEqual({ path: "", kind: "key", typed: "con" });
    expect(placeIn("|")).toEqual({ path: "", kind: "key", typed: "" });
  });

  it("is a field of what it is indented under", () => {
    expect(placeIn("budget:\n  cost_usd: 2\n  to|")).toEqual({ path: "budget", kind: "key", typed: "to" });
    expect(placeIn("defaults:\n  retry:\n    att|")).toEqual({ path: "defaults.retry", kind: "key", typed: "att" });
  });

  it("is a field of the list's item, on the line of its dash and below it", () => {
    expect(placeIn("instances:\n  - na|")).toEqual({ path: "instances.-", kind: "key", typed: "na" });
    expect(placeIn("instances:\n  - name: a\n    pr|")).toEqual({ path: "instances.-", kind: "key", typed: "pr" });
    expect(placeIn("instances:\n- name: a\n- name: b\n  pr|")).toEqual({
      path: "instances.-",
      kind: "key",
      typed: "pr",
    });
    expect(placeIn("instances:\n  -\n    pr|")).toEqual({ path: "instances.-", kind: "key", typed: "pr" });
  });

  it("is a field of the second item, whatever the first holds", () => {
    const text =
      "instances:\n  - name: a\n    success_when:\n      - command: x\n  - name: b\n    success_when:\n      - fi|";
    expect(placeIn(text)).toEqual({ path: "instances.-.success_when.-", kind: "key", typed: "fi" });
  });

  it("is the value after a colon, and an item between brackets", () => {
    expect(placeIn("defaults:\n  agent: cl|")).toEqual({ path: "defaults.agent", kind: "value", typed: "cl" });
    expect(placeIn("instances:\n  - needs: [a, b|")).toEqual({
      path: "instances.-.needs.-",
      kind: "value",
      typed: "b",
    });
  });

  it("is nowhere in a comment or a block of text", () => {
    expect(placeIn("name: a # co|")).toBeUndefined();
    expect(placeIn("instances:\n  - prompt: >-\n      wri|")).toBeUndefined();
  });

  it("is told for whatever is written, and what is typed stands before the offset", () => {
    const pieces = fc.constantFrom("a:", " ", "\n", "- ", "b", "  ", "|", "[", "#", ": ", '"', "-", "x: y");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), fc.nat(), (parts, seed) => {
        const text = parts.join("");
        const offset = seed % (text.length + 1);
        const place = yamlPlace(text, offset);
        expect(place === undefined || text.slice(place.from, offset) === place.typed).toBe(true);
      }),
    );
  });
});
