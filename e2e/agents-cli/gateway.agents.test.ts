/** The real CLIs of other makers through the gateway: `npm run test:agents`. */
import { totalTokens } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { createAgentRig, only, realKey } from "./rig.ts";
import type { RunEnd } from "./rig.ts";

function settled({ events }: RunEnd) {
  return events.filter((event) => event.type === "request-settled");
}

describe.each(["codex", "gemini", "opencode"])("%s through the gateway", (agent) => {
  test("works with a tool, is counted as the API counts, and has never had the key", async () => {
    await using rig = await createAgentRig(agent);
    const end = await rig.runThroughGateway("tool-bash", { budget: { tokens: 5_000_000, cost_usd: 50 } }).ended;
    const attempt = only(end, "attempt-ended");
    expect([attempt.verdict, attempt.result]).toEqual(["succeeded", "The command printed hi."]);
    const asked = rig.api.requests().filter(({ turn }) => turn !== undefined);
    expect(settled(end).map(({ counted, outcome }) => [counted, outcome])).toEqual(
      asked.map(() => ["reported", "answered"]),
    );
    expect(totalTokens(attempt.spent.usage)).toBe(settled(end).reduce((sum, { usage }) => sum + totalTokens(usage), 0));
    const told = asked.flatMap((request) => Object.values(request.told ?? {}));
    expect(told.reduce((sum, each) => sum + each, 0)).toBe(totalTokens(attempt.spent.usage));
    expect(attempt).not.toHaveProperty("besideGateway");
    expect(asked.every(({ headers }) => JSON.stringify(headers).includes(realKey))).toBe(true);
    expect(JSON.stringify(end.events).includes(realKey)).toBe(false);
    expect([end.exitCode, end.leftBehind]).toEqual([0, []]);
  });

  test("ends at once when its request does not fit the budget, with nothing sent and nothing spent", async () => {
    await using rig = await createAgentRig(agent);
    const end = await rig.runThroughGateway("text", { budget: { tokens: 100 } }).ended;
    const attempt = only(end, "attempt-ended");
    expect([attempt.verdict, totalTokens(attempt.spent.usage)]).toEqual(["budget_exceeded", 0]);
    expect(attempt.reason).toContain("has no room for a request that may cost");
    expect(rig.api.requests().filter(({ turn }) => turn !== undefined)).toEqual([]);
    expect(end.events.filter(({ type }) => type === "attempt-stopping")).toEqual([]);
    expect([end.exitCode, end.leftBehind]).toEqual([3, []]);
  });
});
