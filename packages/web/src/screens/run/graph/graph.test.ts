import fc from "fast-check";
import type { RunState } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { drawingOf, graphOf as graphDrawn, mostUnfolded, standingOfNode } from "./graphOf.ts";
import { layoutOf } from "./layout.ts";
import { levelsOf } from "./levels.ts";
import { needWords } from "./needWords.ts";

interface Given {
  readonly name: string;
  readonly group?: string;
  readonly needs?: readonly string[];
}

function stateOf(given: readonly Given[], standings: Readonly<Record<string, string>> = {}): RunState {
  const instances = given.map(({ name, group = name, needs = [] }) => ({
    name,
    group,
    ...(group === name ? {} : { matrix: {} }),
    needs: needs.map((instance) => ({ instance, when: "success" })),
  }));
  const states = instances.map(({ name }) => [name, { phase: { status: standings[name] ?? "waiting" } }] as const);
  return { plan: { instances }, instances: new Map(states) } as unknown as RunState;
}

const graphOf = (state: RunState, unfolded: ReadonlySet<string>) => graphDrawn(state, drawingOf(state.plan, unfolded));

const shards = (count: number): readonly Given[] =>
  Array.from({ length: count }, (_, index) => ({ name: `shard (n=${index})`, group: "shard", needs: ["setup"] }));

test("a small plan is drawn box by box, and what needs a group of many waits at one point", () => {
  const graph = graphOf(stateOf([{ name: "setup" }, ...shards(3), { name: "sum", needs: ["shard"] }]), new Set());
  expect(graph.nodes.map(({ id }) => id)).toEqual(["setup", "shard (n=0)", "shard (n=1)", "shard (n=2)", "sum"]);
  expect(graph.joints).toEqual(["all of shard"]);
  expect(graph.edges.filter(({ to }) => to === "sum")).toEqual([{ from: "all of shard", to: "sum", when: "success" }]);
});

test("a large plan begins with its groups folded, each with how many of it stand where", () => {
  const given = [{ name: "setup" }, ...shards(mostUnfolded), { name: "sum", needs: ["shard"] }];
  const state = stateOf(given, { setup: "running", "shard (n=3)": "held" });
  const folded = graphOf(state, new Set());
  expect(folded.nodes.map(({ title, members }) => [title, members.length])).toEqual([
    ["setup", 1],
    ["shard", mostUnfolded],
    ["sum", 1],
  ]);
  expect([...(folded.nodes[1]?.standings ?? [])]).toEqual([
    ["waiting", mostUnfolded - 1],
    ["held", 1],
  ]);
  expect(folded.edges.map(({ from, to }) => `${from} > ${to}`)).toEqual(["setup > group shard", "group shard > sum"]);
  expect(graphOf(state, new Set(["shard"])).nodes).toHaveLength(mostUnfolded + 2);
});

test("a folded group is called by the worst of it", () => {
  const standings = (...names: string[]) => ({ standings: new Map(names.map((name) => [name, 1] as const)) });
  expect(standingOfNode(standings("succeeded", "running", "timed_out"))).toBe("timed_out");
  expect(standingOfNode(standings("succeeded", "running", "waiting"))).toBe("running");
  expect(standingOfNode(standings("succeeded", "waiting"))).toBe("waiting");
  expect(standingOfNode(standings("skipped", "succeeded"))).toBe("succeeded");
});

test("whatever the plan, every edge has both its ends, and every box its place", () => {
  const plans = fc
    .array(fc.record({ group: fc.constantFrom("a", "b", "c"), needs: fc.array(fc.nat(), { maxLength: 3 }) }), {
      minLength: 1,
      maxLength: 12,
    })
    .map((drafts) =>
      drafts.map(({ group, needs }, index) => ({
        name: `${group} ${index}`,
        group,
        // Only what stands before it: a plan has no circle.
        needs: index === 0 ? [] : needs.map((need) => `${drafts[need % index]?.group ?? ""} ${need % index}`),
      })),
    );
  fc.assert(
    fc.property(plans, fc.subarray(["a", "b", "c"]), (given, unfolded) => {
      const { nodes, edges, joints } = graphOf(stateOf(given), new Set(unfolded));
      const ids = [...nodes.map(({ id }) => id), ...joints];
      for (const { from, to } of edges) expect(ids).toEqual(expect.arrayContaining([from, to]));
      const { places, lines, width, height } = layoutOf({ boxes: nodes.map(({ id }) => id), edges, joints });
      expect(Object.keys(places)).toHaveLength(ids.length);
      expect(lines).toHaveLength(edges.length);
      for (const { x, y } of Object.values(places)) {
        expect(x).toBeLessThanOrEqual(width);
        expect(y).toBeLessThanOrEqual(height);
      }
    }),
    { numRuns: 50 },
  );
});

test("three hundred boxes, each group needing the whole group before it, are laid out", () => {
  const given = [1, 2, 3].flatMap((level) =>
    Array.from({ length: 100 }, (_, index) => ({
      name: `${level} (n=${index})`,
      group: String(level),
      needs: level === 1 ? [] : [String(level - 1)],
    })),
  );
  const { nodes, edges, joints } = graphOf(stateOf(given), new Set(["1", "2", "3"]));
  expect([nodes.length, edges.length, joints.length]).toEqual([300, 400, 2]);
  expect(Object.keys(layoutOf({ boxes: nodes.map(({ id }) => id), edges, joints }).places)).toHaveLength(302);
});

test("the list has each box once, after all that it needs", () => {
  const given = [{ name: "setup" }, ...shards(3), { name: "sum", needs: ["shard"] }, { name: "alone" }];
  const levels = levelsOf(graphOf(stateOf(given), new Set()));
  expect(levels.map((level) => level.map(({ id }) => id))).toEqual([
    ["setup", "alone"],
    ["shard (n=0)", "shard (n=1)", "shard (n=2)"],
    ["sum"],
  ]);
});

test("what an instance needs is said in words", () => {
  const needs = [
    { instance: "a", when: "success" },
    { instance: "b", when: "failure" },
    { instance: "c", when: { expression: "x == 1" } },
  ] as const;
  expect(needWords(needs)).toBe("a, b if it fails, c where x == 1");
});
