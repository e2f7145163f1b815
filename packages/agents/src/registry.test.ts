import { expect, test } from "vitest";
import { agentByName, agents } from "./index.ts";

test("every agent is found by its name, and no two share one", () => {
  expect(agents.map((agent) => agentByName(agent.name))).toEqual(agents);
  expect(new Set(agents.map((agent) => agent.name)).size).toBe(agents.length);
  expect(agentByName("no-such-agent")).toBeUndefined();
});

test("every stop ends with SIGKILL to the whole group", () => {
  expect(agents.map((agent) => agent.stopLadder.at(-1))).toEqual(
    agents.map(() => ({ signal: "SIGKILL", to: "group", waitMs: expect.any(Number) as unknown })),
  );
});
