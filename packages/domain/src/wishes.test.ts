import { expect, test } from "vitest";
import type { LoggedEvent } from "./events.ts";
import { foldAsRead } from "./runState.ts";
import type { RunState } from "./runState.ts";
import type { Wisher } from "./wishes.ts";
import { wishWords } from "./wishes.ts";

const by: Wisher = { kind: "token", name: "ci" };

const created = {
  type: "run-created",
  id: "run_0123456789",
  plan: { name: "fleet", limits: [], notices: [], instances: [{ name: "a" }, { name: "b" }] },
  version: "0",
  directory: "/r",
};

function folded(events: readonly object[]): RunState | undefined {
  return foldAsRead(
    events.map((event, at) => ({ ...event, seq: at + 1, at: at * 1000 }) as LoggedEvent),
    undefined,
  );
}

test("whose wish each step was is told in the order of the log, once for each wish", () => {
  const state = folded([
    { ...created, by },
    { type: "run-started" },
    { type: "run-paused", cause: { kind: "user" }, by: { kind: "session", name: "sign-in link" } },
    { type: "run-unpaused" },
    { type: "attempt-stopping", instance: "a", attempt: 1, cause: { kind: "user", by } },
    { type: "budget-changed", scope: { kind: "run" }, unit: "tokens", limit: 5, enforcement: "block", by },
    { type: "run-stopping", cause: { kind: "user", by }, force: false },
    { type: "attempt-stopping", instance: "b", attempt: 1, cause: { kind: "user", by } },
    { type: "run-settled", outcome: "stopped", exitCode: 130, durationMs: 1 },
    { type: "run-reopened", instances: ["a"], by },
  ]);
  expect(state?.wishes?.map((wish) => wishWords(wish))).toEqual([
    "started by token ci",
    "paused by browser (sign-in link)",
    "a: stopped by token ci",
    "budget set by token ci",
    "stopped by token ci",
    "tried again by token ci",
  ]);
});

test("a log that knows of no wishers, or whose wisher is none, reads as before", () => {
  const state = folded([
    created,
    { type: "run-paused", cause: { kind: "user" } },
    { type: "run-unpaused", by: null },
    { type: "run-paused", cause: { kind: "user" }, by: "ci" },
    { type: "run-unpaused", by: { kind: "god", name: 7 } },
    { type: "run-stopping", cause: { kind: "user", signal: "SIGINT" }, force: false },
  ]);
  expect([state?.wishes, state?.phase.status]).toEqual([undefined, "stopping"]);
});

test("the state keeps the newest wishes only, however many there were", () => {
  const paused = { type: "run-paused", cause: { kind: "user" }, by };
  const wishes = folded([created, ...Array.from({ length: 500 }, () => paused)])?.wishes ?? [];
  expect([wishes.length, wishes.at(-1)?.at]).toEqual([200, 500_000]);
});
