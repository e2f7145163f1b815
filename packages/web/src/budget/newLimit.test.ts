import { foldRun } from "@claude-orchestrator/domain";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { newLimit } from "./newLimit.ts";

const instances = ["a", "b"].map((name) => ({ name, group: name, needs: [] }));
const limits = [{ scope: { kind: "instance", instance: "b" }, unit: "tokens", limit: 100, enforcement: "warn" }];
const state = foldRun([
  { seq: 1, type: "run-created", at: 0, plan: { instances, limits } },
] as unknown as readonly LoggedEvent[]);

test("a budget that is new stops what it covers, one that is there keeps what it does, and no other name is guessed", () => {
  if (state === undefined) throw new Error("no run");
  const asked = (scope: string, unit: "tokens" | "cost_usd") => newLimit(state, [], { scope, unit });
  expect(asked("run", "cost_usd")).toMatchObject({
    limit: { scope: { kind: "run" }, enforcement: "block" },
    spent: 0,
    isNew: true,
  });
  expect(asked("b", "tokens")).toMatchObject({ limit: { enforcement: "warn" }, isNew: false });
  expect(asked("b", "cost_usd")).toMatchObject({ limit: { scope: { instance: "b" } }, isNew: true });
  expect(asked("window:5h", "tokens")).toBe(undefined);
});
