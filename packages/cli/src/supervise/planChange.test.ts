import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldRun } from "@claude-orchestrator/domain";
import type { Plan, RunState } from "@claude-orchestrator/domain";
import { withoutSecrets } from "@claude-orchestrator/engine";
import { created, logged, planned, sampleInstance, samplePlan } from "../testing/sampleRun.ts";
import { renderLine } from "../views/text/line.ts";
import { noPaint } from "../views/text/paint.ts";
import { changedParts, refuseVanished, withBudgetsSet } from "./planChange.ts";
import { planDiffLines } from "./planDiff.ts";

/** As a log gives it back. */
function asLogged(plan: Plan): Plan {
  return JSON.parse(JSON.stringify(withoutSecrets(plan))) as Plan;
}

function shown(before: Plan, now: Plan): string {
  return planDiffLines(changedParts(asLogged(before), now))
    .map((each) => renderLine(each, noPaint))
    .join("\n");
}

function prompt(name: string, text: string): Plan["instances"][number] {
  return sampleInstance(name, { work: { kind: "prompt", text, before: [] } });
}

describe("a plan", () => {
  test("is the same as the one in the log, whatever order its fields have and whatever secrets it holds", () => {
    const secret = sampleInstance("a", { env: { values: { API_TOKEN: "one-long-secret" }, pass: [] } });
    const rotated = sampleInstance("a", { env: { pass: [], values: { API_TOKEN: "another-long-secret" } } });
    const before = samplePlan([], { instances: [secret], notices: ["claude 1.0 is old"] });
    const { name, ...rest } = samplePlan([], { instances: [rotated] });
    expect(changedParts(asLogged(before), { ...rest, name })).toEqual([]);
  });

  test("is another one where any value differs, named by its part", () => {
    const before = samplePlan(["a", "b"]);
    const parts = changedParts(asLogged(before), {
      ...before,
      concurrency: 9,
      instances: [sampleInstance("a"), sampleInstance("b", { priority: 3 })],
    });
    expect(parts.map(({ what }) => what)).toEqual(["the run as a whole", "instance `b`"]);
  });

  test("is another one where an instance came, went or moved", () => {
    const whats = (names: readonly string[]): readonly string[] =>
      changedParts(asLogged(samplePlan(["a", "b"])), samplePlan(names)).map(({ what }) => what);
    expect(whats(["a", "b", "c"])).toEqual(["the run as a whole", "instance `c`"]);
    expect(whats(["a"])).toEqual(["the run as a whole", "instance `b`"]);
    expect(whats(["b", "a"])).toEqual(["the run as a whole"]);
  });

  test("of whatever text is the same as itself in a log", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { maxLength: 4 }), fc.string(), (texts, name) => {
        const plan = samplePlan([], { name, instances: texts.map((text, at) => prompt(`i${at}`, text)) });
        expect(changedParts(asLogged(plan), plan)).toEqual([]);
      }),
    );
  });
});

describe("what has changed", () => {
  test("is shown line by line, with little around it", () => {
    const before = samplePlan([], { instances: [prompt("review", "Look at\nsrc/a.ts\nand say why\nin a list")] });
    const now = samplePlan([], { instances: [prompt("review", "Look at\nsrc/b.ts\nand say why\nin a list")] });
    expect(shown(before, now)).toBe(
      [
        "instance `review`",
        "   prompt:",
        "     Look at",
        "  -  src/a.ts",
        "  +  src/b.ts",
        "     and say why",
        "     in a list",
        "",
      ].join("\n"),
    );
  });

  test("is said in the words of the file, and a person's own words stay as they are", () => {
    const words = sampleInstance("a", { work: { kind: "argv", argv: ["make"] }, idleTimeoutMs: 90_000 });
    const before = samplePlan([], { instances: [words], variables: { camelCase: 1 } });
    const script = { ...words, work: { kind: "script", script: "make all" }, idleTimeoutMs: 1500 } as const;
    const after = { ...before, instances: [script], variables: { camelCase: 2 }, hideBudgets: !before.hideBudgets };
    const changes = shown(before, after)
      .split("\n")
      .filter((each) => /^ {2}[-+]/.test(each));
    expect(changes.map((each) => each.replaceAll(/ +/g, " ").trim())).toEqual([
      "-disable_visuals: false",
      "+disable_visuals: true",
      "- camelCase: 1",
      "+ camelCase: 2",
      "-idle_timeout: 90s",
      "+idle_timeout: 1500ms",
      "-run:",
      "- - make",
      "+run: make all",
    ]);
  });

  test("says which instance is new and which is gone, and shows no secret", () => {
    const secret = sampleInstance("b", { env: { values: { API_TOKEN: "one-long-secret" }, pass: [] } });
    const text = shown(samplePlan(["a"]), samplePlan([], { instances: [secret] }));
    expect(text).toContain("instance `a` (gone)");
    expect(text).toContain("instance `b` (new)");
    expect(text).toContain("[API_TOKEN]");
    expect(text).not.toContain("one-long-secret");
  });

  test("can be shown for any two plans", () => {
    const anyPlan = fc
      .uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c"), fc.string()), { selector: ([name]) => name })
      .map((instances) => samplePlan([], { instances: instances.map(([name, text]) => prompt(name, text)) }));
    fc.assert(
      fc.property(anyPlan, anyPlan, (before, now) => {
        const isSame = changedParts(asLogged(before), now).length === 0;
        expect(shown(before, now) === "").toBe(isSame);
      }),
    );
  });
});

test("an instance that has run may not vanish; one that has not may", () => {
  const state = foldRun(
    logged([created(samplePlan(["ran", "waits"])), { type: "run-started" }, planned("ran")]),
  ) as RunState;
  refuseVanished(state, samplePlan(["ran"]));
  expect(() => refuseVanished(state, samplePlan(["waits"]))).toThrow("`ran` has run already");
});

describe("a budget that was set while the run worked", () => {
  const limit = (amount: number) =>
    ({ scope: { kind: "run" }, unit: "tokens", limit: amount, enforcement: "block" }) as const;
  const written = samplePlan(["a"], { limits: [limit(10)] });
  const state = foldRun(logged([created(written), { type: "budget-changed", ...limit(50), before: 10 }]));

  test("stays when the run is taken up, as long as the file is what it was", () => {
    expect(withBudgetsSet(state, written).limits).toEqual([limit(50)]);
    expect(changedParts(state?.plan ?? written, withBudgetsSet(state, written))).toEqual([]);
  });

  test("gives way to the file where that has changed: whoever accepts it accepts its budgets", () => {
    const raised = { ...written, limits: [limit(400)] };
    expect(withBudgetsSet(state, raised)).toEqual(raised);
    const accepted = foldRun([{ type: "plan-changed", plan: raised, seq: 3, at: 0 }], state);
    expect([accepted?.plan.limits, accepted?.budgetsSet]).toEqual([[limit(400)], []]);
  });
});
