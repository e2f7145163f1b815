import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isJson, jsonFieldAt, jsonPlace } from "./jsonPlace.ts";
import type { Step } from "./yamlPlace.ts";

const words = (path: readonly Step[]): string => path.map((step) => (step === "item" ? "-" : step.key)).join(".");

/** Where `|` is. */
function placeIn(marked: string) {
  const offset = marked.indexOf("|");
  const place = jsonPlace(marked.slice(0, offset) + marked.slice(offset + 1), offset);
  return place === undefined ? undefined : [words(place.path), place.kind, place.typed, place.isQuoted];
}

describe("the place in a JSON file", () => {
  it("is a field of the object around it, in quotes or not yet", () => {
    expect(placeIn('{ "name": "a", "con|" }')).toEqual(["", "key", "con", true]);
    expect(placeIn("{ con|")).toEqual(["", "key", "con", false]);
    expect(placeIn('{ "budget": { "cost_usd": 2, "to|')).toEqual(["budget", "key", "to", true]);
    expect(placeIn('{ "instances": [{ "name": "a" }, { "pr|')).toEqual(["instances.-", "key", "pr", true]);
  });

  it("is the value of the field before it, also one of a list", () => {
    expect(placeIn('{ "defaults": { "agent": "cl|')).toEqual(["defaults.agent", "value", "cl", true]);
    expect(placeIn('{ "defaults": { "fast": t|')).toEqual(["defaults.fast", "value", "t", false]);
    expect(placeIn('{ "instances": [{ "needs": ["a", "b|')).toEqual(["instances.-.needs.-", "value", "b", true]);
  });

  it("is nowhere after a whole word or a whole object, nor outside of the file", () => {
    for (const marked of ['{ "name"|', '{ "name": "a"|', '{ "a": {} |', "{} |", "|{}"])
      expect(placeIn(marked)).toBeUndefined();
  });

  it("is not misled by what stands in texts", () => {
    expect(placeIn('{ "prompt": "{ [ \\" , : ", "na|')).toEqual(["", "key", "na", true]);
  });

  it("finds the field that somebody points at", () => {
    const text = '{ "instances": [{ "agent": "say \\"x\\": ", "run" : 1 }] }';
    const at = (word: string) => jsonFieldAt(text, text.indexOf(word) + 1);
    expect(words(at("agent")?.path ?? [])).toBe("instances.-.agent");
    expect(words(at("run")?.path ?? [])).toBe("instances.-.run");
    expect(at("say")).toBeUndefined();
  });

  it("is told for whatever is written, and what is typed stands before the offset", () => {
    const pieces = fc.constantFrom("{", "}", "[", "]", ":", ",", '"', "\\", "a", " ", "\n", '"b": ', "true");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), fc.nat(), (parts, seed) => {
        const text = parts.join("");
        const offset = seed % (text.length + 1);
        const place = jsonPlace(text, offset);
        jsonFieldAt(text, offset);
        expect(place === undefined || text.slice(place.from, offset) === place.typed).toBe(true);
      }),
    );
  });

  it("is asked for only in files that begin as JSON does", () => {
    expect([isJson(" {"), isJson("\n["), isJson("name: {"), isJson("")]).toEqual([true, true, false, false]);
  });
});
