import { defaultBreakers } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { planOf, sentencesOf } from "../testing/loading.ts";

const instances = "instances: [{ name: a, prompt: do it }]\n";

test("a breaker that the file does not name is as it is without a file", () => {
  expect(planOf(instances)).not.toHaveProperty("breakers");
  expect(planOf(`breakers: { on_trip: stop, sub_agents: 0 }\n${instances}`).breakers).toEqual({
    ...defaultBreakers,
    onTrip: "stop",
    subAgents: 0,
  });
  expect(sentencesOf(`breakers: { sub_agents: -1 }\n${instances}`).join()).toContain("a whole number from 0 on");
});

test("all of them are off by one word", () => {
  expect(planOf(`breakers: off\n${instances}`).breakers).toMatchObject({
    identicalRequests: 0,
    subAgents: 0,
    contextGrowth: 0,
  });
});

test("a breaker that would trip on half a sub-agent, or where nothing grows, is refused", () => {
  expect(sentencesOf(`breakers: { sub_agents: 1.5 }\n${instances}`).join()).toContain("a whole number from 0 on");
  expect(sentencesOf(`breakers: { context_growth: 0.5 }\n${instances}`)).toHaveLength(1);
  expect(planOf(`breakers: { context_growth: 1.5 }\n${instances}`).breakers).toMatchObject({ contextGrowth: 1.5 });
});
