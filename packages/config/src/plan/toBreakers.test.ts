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
  expect(sentencesOf(`breakers: { sub_agents: -1 }\n${instances}`).join()).toContain("a number from 0 on");
});
