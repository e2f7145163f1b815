import { expect, test } from "vitest";
import { sampleOf } from "./schemaSample.ts";

test("a constant, a choice and a default are taken as they stand", () => {
  expect([sampleOf({ const: 7 }), sampleOf({ enum: ["b", "c"] }), sampleOf({ type: "string", default: "d" })]).toEqual([
    7,
    "b",
    "d",
  ]);
});

test("bounds are kept", () => {
  expect(sampleOf({ type: "number", exclusiveMinimum: 5 })).toBe(6);
  expect(sampleOf({ type: "integer", maximum: -2 })).toBe(-2);
  expect(sampleOf({ type: "string", minLength: 9 })).toHaveLength(9);
  expect(sampleOf({ type: "string", maxLength: 2 })).toHaveLength(2);
});

test("references, choices and combinations are followed", () => {
  const schema = {
    type: "object",
    properties: {
      item: { $ref: "#/$defs/item" },
      either: { anyOf: [{ type: "null" }, { type: "string" }] },
      both: {
        allOf: [{ properties: { a: { type: "boolean" } } }, { type: "object", properties: { b: { const: 1 } } }],
      },
    },
    $defs: { item: { type: ["string", "null"], format: "date" } },
  };
  expect(sampleOf(schema)).toEqual({ item: "2026-01-31", either: null, both: { a: true, b: 1 } });
});

test("a schema that contains itself ends", () => {
  const schema = { type: "object", properties: { next: { $ref: "#" } } };
  expect(JSON.stringify(sampleOf(schema)).length).toBeLessThan(500);
});
