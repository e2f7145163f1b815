import { expect, test } from "vitest";
import { breakingChanges } from "./breakingChanges.ts";

function document(operation: object, path = "/api/runs"): Readonly<Record<string, unknown>> {
  return { paths: { [path]: { get: operation } } };
}

const answer = (schema: object): object => ({ responses: { "200": { content: { "application/json": { schema } } } } });
const body = (schema: object): object => ({ requestBody: { content: { "application/json": { schema } } } });
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
