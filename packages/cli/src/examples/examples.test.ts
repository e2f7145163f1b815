import { describe, expect, test } from "vitest";
import { agentByName, agents } from "@claude-orchestrator/agents";
import { loadPlan } from "@claude-orchestrator/config/file";
import { examples } from "./list.ts";

describe("every example", () => {
  test.each(examples.map((example) => [example.name, example] as const))(
    "%s is a file that can be run",
    (name, { text }) => {
      const loaded = loadPlan(text, {
        fileName: `${name}.yaml`,
        directory: "/work",
        workspace: "/work",
        defaultConcurrency: 4,
        knownAgents: agents.map((agent) => agent.name),
      });
      expect("problems" in loaded ? loaded.problems : []).toEqual([]);
      if (!("plan" in loaded)) return;
      const problems = loaded.plan.instances.flatMap(
        (instance) => agentByName(instance.agent)?.problems(instance) ?? [],
      );
      expect(problems).toEqual([]);
      expect(loaded.plan.instances.length).toBeGreaterThan(1);
    },
  );

  test("has a name of its own, and says what it does", () => {
    expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
    expect(examples.length).toBeGreaterThanOrEqual(8);
    for (const { summary } of examples) expect(summary).not.toBe("");
  });
});
