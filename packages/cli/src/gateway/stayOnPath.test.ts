import type { RunEvent, RunState } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { created, ended, planned, plannedThroughGateway, samplePlan, settled, stateOf } from "../testing/sampleRun.ts";
import { refuseToLeaveGateway } from "./stayOnPath.ts";

const plan = samplePlan(["a", "b"], { gateway: { upstreams: {}, allowUnpriced: false } });
const { gateway: _, ...withoutGateway } = plan;

const through = plannedThroughGateway("a");
const historyOf = (...events: readonly RunEvent[]): RunState => stateOf([created(plan), ...events]);

const goingOn =
  (history: RunState, env: Record<string, string> = {}, reopen: readonly string[] = []) =>
  () =>
    refuseToLeaveGateway(plan, { history, reopen }, { env });

test("a run that went through the gateway does not go on past it for the lack of its key", () => {
  expect(goingOn(historyOf(through), { CLAUDE_CODE_OAUTH_TOKEN: "subscription" })).toThrow(
    expect.objectContaining({
      code: "gateway-key",
      message: expect.stringMatching(/went through the gateway, and no key for anthropic is known .* now: a, b would/),
    }),
  );
  expect(goingOn(historyOf(through), { ANTHROPIC_API_KEY: "k" })).not.toThrow();
});

test("a run that never did goes on as it was, and so does one whose file has no gateway any more", () => {
  expect(goingOn(historyOf(planned("a")))).not.toThrow();
  const goneOff = () => refuseToLeaveGateway(withoutGateway, { history: historyOf(through), reopen: [] }, { env: {} });
  expect(goneOff).not.toThrow();
});

test("what has settled needs no key, unless it is wanted again", () => {
  const history = historyOf(through, ended("a"), settled("a"), planned("b"), ended("b"), settled("b"));
  expect(goingOn(history)).not.toThrow();
  expect(goingOn(history, {}, ["a"])).toThrow(/ now: a would go on past it/);
});
