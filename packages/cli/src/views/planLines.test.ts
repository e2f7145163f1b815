import { expect, test } from "vitest";
import type { Isolation } from "@claude-orchestrator/domain";
import { limit, sampleInstance, samplePlan } from "../testing/sampleRun.ts";
import { planLines } from "./planLines.ts";

const worktree: Isolation = { kind: "worktree", base: "HEAD", link: [], submodules: false };

test("a plan says of each instance that works apart where it does", () => {
  const isolations: Readonly<Record<string, Isolation>> = {
    bare: worktree,
    full: {
      kind: "worktree",
      base: "release",
      link: ["node_modules", "cache"],
      submodules: true,
      setup: { kind: "command", argv: ["npm", "run", "set up"] },
    },
    scripted: { ...worktree, setup: { kind: "script", script: "make" } },
    copied: { kind: "copy" },
  };
  const apart = Object.entries(isolations).map(([name, isolation]) => sampleInstance(name, { isolation }));
  const instances = [...apart, sampleInstance("beside")];
  const planned = instances.map(({ name }) => ({
    name,
    level: 1,
    needs: [],
    argv: ["claude"],
    env: [],
    stdin_bytes: 0,
    files: [],
  }));
  const lines = planLines(samplePlan([], { instances }), planned, { columns: 200, runsFolder: "/runs" });
  const texts = lines.map((each) =>
    [each]
      .flat()
      .map(({ text }) => text)
      .join(""),
  );
  expect(texts.filter((text) => text.startsWith("    apart"))).toEqual([
    "    apart   in a worktree of its own, from HEAD",
    "    apart   in a worktree of its own, from release; linked: node_modules, cache; with submodules; set up by npm run 'set up'",
    "    apart   in a worktree of its own, from HEAD; set up by a script",
    "    apart   in a copy of its own",
  ]);
});

test("a plan says who would go through the gateway by the keys known now, and promises of each what holds there", () => {
  const told = (paths: readonly ("hard" | "soft")[], enforcement: "block" | "warn" = "block") => {
    const planned = paths.map((path, at) => ({
      name: `i${at}`,
      level: 1,
      needs: [],
      argv: [],
      env: [],
      stdin_bytes: 0,
      files: [],
      budget_path: path,
    }));
    const plan = samplePlan([], {
      gateway: { upstreams: {}, allowUnpriced: false },
      limits: [{ scope: { kind: "run" }, unit: "tokens", limit: 5, enforcement }],
    });
    const lines = planLines(plan, planned, { columns: 400, runsFolder: "/runs" });
    return lines.map((each) => each.map(({ text }) => text).join("")).join("\n");
  };
  expect(told(["hard"])).toMatch(/A budget is hard here/);
  expect(told(["hard"], "warn")).not.toMatch(/hard here/);
  expect(told(["soft"])).toMatch(/past it, counted after the fact: i0\n[^]*A budget is checked after each/);
  expect(told(["soft"])).not.toMatch(/hard here/);
  expect(told(["hard", "soft"])).toMatch(
    /hold before money is spent: i0\n.*after the fact: i1\n[^]*Past the gateway: A budget/,
  );
});

test("a plan says with which model a budget goes on before it blocks, and that a replay spends nothing", () => {
  const textOf = (plan: ReturnType<typeof samplePlan>, isReplay: boolean): string =>
    planLines(plan, [], { columns: 200, runsFolder: "/runs", isReplay })
      .map((each) => each.map(({ text }) => text).join(""))
      .join("\n");
  const limits = [limit({ unit: "cost_usd", limit: 5, enforcement: "block", downgrade: "haiku" })];
  expect(textOf(samplePlan(["a"], { limits }), false)).toContain(
    "run: $5.0000, then with haiku from 80 % on, once; then block: what runs of it is stopped, the rest is refused",
  );
  expect(textOf(samplePlan(["a"], { limits: [] }), false)).toContain("No budget: nothing limits");
  expect(textOf(samplePlan(["a"], { limits: [] }), true)).toContain("A replay: nothing is spent");
});
