import { expect, test } from "vitest";
import { breakingChanges } from "./breakingChanges.ts";

function document(operation: object, path = "/api/runs"): Readonly<Record<string, unknown>> {
  return { paths: { [path]: { get: operation } } };
}

const answer = (schema: object): object => ({ responses: { "200": { content: { "application/json": { schema } } } } });
const body = (schema: object): object => ({ requestBody: { content: { "application/json": { schema } } } });
const word = (schema: object): object => ({ parameters: [{ name: "limit", schema }] });
const limit = "GET /api/runs: `limit`";
const list = (required: readonly string[]): object => ({
  required: ["runs"],
  properties: { runs: { items: { required, properties: Object.fromEntries(required.map((name) => [name, {}])) } } },
});

test.each<[string, object, object, readonly string[]]>([
  ["a field that is added to an answer", answer(list(["run"])), answer(list(["run", "name"])), []],
  [
    "a field that is gone from it",
    answer(list(["run", "name"])),
    answer(list(["run"])),
    ["GET /api/runs does not answer with `runs[].name` any more"],
  ],
  ["a word that may be said", {}, { parameters: [{ name: "limit", required: false }] }, []],
  [
    "a word that must be said",
    {},
    { parameters: [{ name: "limit", required: true }] },
    ["GET /api/runs needs `limit` now"],
  ],
  [
    "a word nobody listens to any more",
    { parameters: [{ name: "limit" }] },
    {},
    ["GET /api/runs takes no `limit` any more"],
  ],
  [
    "a field that must be sent",
    body({ properties: { a: {} } }),
    body({ properties: { a: {} }, required: ["a"] }),
    ["GET /api/runs needs `a` in its body now"],
  ],
  [
    "a word that is one of fewer",
    word({ enum: ["a", "b"] }),
    word({ enum: ["a"] }),
    [`${limit} takes no \`b\` any more`],
  ],
  ["a word that is one of more", word({ enum: ["a"] }), word({ enum: ["a", "b"] }), []],
  ["a number that may be less", word({ maximum: 9 }), word({ maximum: 5 }), [`${limit} has a narrower maximum now: 5`]],
  ["a number that may be more", word({ maximum: 5 }), word({ maximum: 9 }), []],
  [
    "a word that is a number now",
    word({ type: "string" }),
    word({ type: "integer" }),
    [`${limit} is integer now, not string`],
  ],
  [
    "a field that may be null now",
    answer({ properties: { name: { type: "string" } } }),
    answer({ properties: { name: { anyOf: [{ type: "string" }, { type: "null" }] } } }),
    ["GET /api/runs answers with another type: `name` is null or string now, not string"],
  ],
  [
    "another status",
    { responses: { "200": {} } },
    { responses: { "202": {} } },
    ["GET /api/runs answers with 202 now, not with 200"],
  ],
  [
    "another permission",
    { "x-permission": "run:read" },
    { "x-permission": "run:start" },
    ["GET /api/runs needs another permission"],
  ],
])("%s", (_what, before, after, changes) => {
  expect(breakingChanges(document(before), document(after))).toEqual(changes);
});

test("a route that is gone", () => {
  expect(breakingChanges(document({}), document({}, "/api/other"))).toEqual(["GET /api/runs is gone"]);
});
