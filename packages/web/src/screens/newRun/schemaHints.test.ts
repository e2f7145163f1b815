import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aboutAt, fieldsAt, valuesAt } from "./schemaHints.ts";
import type { Schema } from "./schemaHints.ts";
import type { Step } from "./yamlPlace.ts";

const instance: Schema = {
  type: "object",
  required: ["name"],
  properties: {
    agent: { description: "Who does it", anyOf: [{ type: "string" }, { type: "null" }] },
    name: { type: "string", description: "Its name" },
    mode: { anyOf: [{ type: "string", enum: ["plan", "auto"] }, { type: "null" }] },
    fast: { type: ["boolean", "null"] },
    checks: { anyOf: [{ type: "array", items: { type: "object", properties: { command: { type: "string" } } } }] },
  },
};

const schema: Schema = {
  type: "object",
  properties: {
    instances: { type: "array", items: instance },
    defaults: { anyOf: [instance, { type: "null" }] },
    groups: { type: "object", additionalProperties: instance },
  },
};

const item: readonly Step[] = [{ key: "instances" }, "item"];

describe("what the schema says of a place", () => {
  it("names the fields there, those that must be there first", () => {
    expect(fieldsAt(schema, []).map(({ word, holds }) => [word, holds])).toEqual([
      ["instances", "list"],
      ["defaults", "fields"],
      ["groups", "value"],
    ]);
    expect(fieldsAt(schema, item).map(({ word }) => word)).toEqual(["name", "agent", "mode", "fast", "checks"]);
    expect(fieldsAt(schema, [...item, { key: "checks" }, "item"]).map(({ word }) => word)).toEqual(["command"]);
  });

  it("finds the fields of an entry with a name of its own", () => {
    expect(fieldsAt(schema, [{ key: "groups" }, { key: "mine" }])).toHaveLength(5);
  });

  it("names the words a value can be", () => {
    expect(valuesAt(schema, [...item, { key: "mode" }])).toEqual(["plan", "auto"]);
    expect(valuesAt(schema, [{ key: "defaults" }, { key: "fast" }])).toEqual(["true", "false"]);
    expect(valuesAt(schema, [...item, { key: "name" }])).toEqual([]);
  });

  it("explains a field", () => {
    expect(aboutAt(schema, [...item, { key: "agent" }])).toBe("Who does it");
    expect(aboutAt(schema, [...item, { key: "unknown" }])).toBe("");
  });

  it("answers for any path", () => {
    const step = fc.oneof(
      fc.constant("item" as const),
      fc.record({ key: fc.oneof(fc.string(), fc.constant("__proto__")) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (path) => {
        expect(fieldsAt(schema, path)).toBeInstanceOf(Array);
        expect(valuesAt(schema, path)).toBeInstanceOf(Array);
        expect(typeof aboutAt(schema, path)).toBe("string");
      }),
    );
  });
});
