import type { InstanceState } from "@claude-orchestrator/domain";
import { describe, expect, it } from "vitest";
import { instanceRowItems, runRowItems } from "./rowItems.ts";

const base = "http://127.0.0.1:7000/fleet/";

describe("what can be done with a row", () => {
  it("fits how the run stands, asks before it ends anything, and copies its id, link and command", () => {
    const items = runRowItems({ run: "run_a", name: "nightly", status: "running" }, base);
    expect(items.find(({ id }) => id === "pause")?.does).toEqual({ kind: "run", action: "pause", run: "run_a" });
    expect(items.find(({ id }) => id === "stop")).toMatchObject({ path: "/runs/run_a?do=stop", detail: "asks first" });
    expect(items.filter(({ id }) => id.startsWith("copy-")).map(({ detail }) => detail)).toEqual([
      "run_a",
      "http://127.0.0.1:7000/fleet/runs/run_a",
      "claude-orchestrator show run_a",
    ]);
    const over = runRowItems({ run: "run_a", name: null, status: "failed" }, base);
    expect(over.map(({ id }) => id)).toEqual(expect.arrayContaining(["retry"]));
    expect(over.map(({ id }) => id)).not.toContain("stop");
  });

  it("leads to what an instance printed and changed, and stops only what is not over", () => {
    const instance = { name: "a b", phase: { status: "running" } } as InstanceState;
    const items = instanceRowItems("run_a", instance);
    expect(items.find(({ id }) => id === "log")?.path).toBe("/runs/run_a?tab=log&instance=a%20b");
    expect(items.find(({ id }) => id === "stop")?.path).toBe("/runs/run_a?stop=a%20b");
    expect(items.find(({ id }) => id === "copy-command")?.detail).toBe("claude-orchestrator logs run_a 'a b'");
    const over = { name: "a", phase: { status: "settled" } } as InstanceState;
    expect(instanceRowItems("run_a", over).some(({ id }) => id === "stop")).toBe(false);
  });
});
