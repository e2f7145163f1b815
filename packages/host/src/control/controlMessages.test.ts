import type { BudgetScope } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeRequest, readReply, readRequest, type ControlRequest } from "./controlMessages.ts";

const anyScope: fc.Arbitrary<BudgetScope> = fc.oneof(
  fc.constantFrom<BudgetScope>({ kind: "run" }, { kind: "day" }, { kind: "day", zone: "Europe/Rome" }),
  fc.string().map((command) => ({ kind: "command", command }) as const),
  fc
    .tuple(fc.constantFrom("instance", "attempt", "sub_agent"), fc.string())
    .map(([kind, instance]) => ({ kind, instance }) as const),
  fc.tuple(fc.constantFrom("window", "machine"), fc.nat()).map(([kind, windowMs]) => ({ kind, windowMs }) as const),
);

const anyRequest: fc.Arbitrary<ControlRequest> = fc.oneof(
  fc.constantFrom<ControlRequest>({ kind: "status" }, { kind: "pause" }, { kind: "unpause" }),
  fc.boolean().map((force) => ({ kind: "stop", force }) as const),
  fc.tuple(fc.boolean(), fc.string()).map(([force, instance]) => ({ kind: "stop", force, instance }) as const),
  anyScope.map((scope) => {
    return { kind: "budget", limit: { scope, unit: "cost_usd", limit: 1.5, enforcement: "block" } } as const;
  }),
  fc.constant({ kind: "retry", instances: "failed" } as const),
  fc.array(fc.string(), { minLength: 1 }).map((instances) => ({ kind: "retry", instances }) as const),
);

const anyWisher = fc.option(fc.record({ kind: fc.constantFrom("session", "token"), name: fc.string() }), {
  nil: undefined,
});

function budget(limit: unknown): string {
  return JSON.stringify({ version: 1, token: "t", until: 9, request: { kind: "budget", limit } });
}

describe("a request", () => {
  test("is read as it was written, on one line", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), anyRequest, anyWisher, (token, until, request, by) => {
        const line = encodeRequest({ token, until, request, by });
        expect(line).not.toContain("\n");
        expect(readRequest(line)).toEqual({ token, until, request, by });
      }),
    );
  });

  test.for([
    "",
    "null",
    "[]",
    "42",
    "{",
    JSON.stringify({ version: 1, token: "t", until: 9 }),
    JSON.stringify({ version: 1, token: "t", request: { kind: "pause" } }),
    JSON.stringify({ version: 1, token: "t", until: "soon", request: { kind: "pause" } }),
    JSON.stringify({ version: 1, token: 7, until: 9, request: { kind: "pause" } }),
    JSON.stringify({ version: 1, token: "t", until: 9, request: { kind: "pause" }, more: 1 }),
    JSON.stringify({ version: 1, token: "t", until: 9, request: { kind: "pause", more: 1 } }),
    JSON.stringify({ version: 1, token: "t", until: 9, request: { kind: "stop" } }),
    JSON.stringify({ version: 1, token: "t", until: 9, request: { kind: "stop", force: "yes" } }),
    JSON.stringify({ version: 1, token: "t", until: 9, request: { kind: "stop", force: true, instance: null } }),
    JSON.stringify({ version: 1, token: "t", until: 9, request: { kind: "retry", instances: [] } }),
    JSON.stringify({ version: 1, token: "t", until: 9, request: { kind: "retry", instances: ["a", 1] } }),
    JSON.stringify({ version: 1, token: "t", until: 9, request: { kind: "retry", instances: "all" } }),
    JSON.stringify({ version: 1, token: "t", until: 9, request: { kind: "toString" } }),
    JSON.stringify({ version: 1, token: "t", until: 9, request: { kind: "pause" }, by: "ci" }),
    JSON.stringify({ version: 1, token: "t", until: 9, request: { kind: "pause" }, by: { kind: "root", name: "ci" } }),
    budget({ scope: { kind: "run" }, unit: "euro", limit: 1, enforcement: "block" }),
    budget({ scope: { kind: "run", more: 1 }, unit: "tokens", limit: 1, enforcement: "block" }),
    budget({ scope: { kind: "window", windowMs: "1h" }, unit: "tokens", limit: 1, enforcement: "block" }),
    budget({ scope: { kind: "run" }, unit: "tokens", limit: -1, enforcement: "block" }),
    budget({ scope: { kind: "run" }, unit: "tokens", limit: 1, enforcement: "block", more: 1 }),
  ])("is refused as a whole where something in it is not as it should be: %s", (line) => {
    expect(readRequest(line)).toBe("this is no request");
  });

  test("of another version of the protocol is told so", () => {
    expect(readRequest(JSON.stringify({ version: 2, token: "t", request: { kind: "pause" } }))).toContain("version 1");
  });

  test("or what is none never throws", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (line) => void readRequest(line)));
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (line) => void readReply(line)));
  });
});

test("a reply is read without what is more in it, and anything else is none", () => {
  expect(readReply(`{"ok":true,"message":"paused","more":1}`)).toEqual({ ok: true, message: "paused" });
  expect(readReply(`{"ok":"yes","message":"paused"}`)).toBeUndefined();
  expect(readReply("paused")).toBeUndefined();
});
