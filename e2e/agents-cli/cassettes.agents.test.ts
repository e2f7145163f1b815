/** The real CLIs of other makers on a cassette: `npm run test:agents`. */
import path from "node:path";
import { expect, test } from "vitest";
import { createAgentRig, only } from "./rig.ts";

test.each(["codex", "gemini", "opencode"])(
  "%s is replayed in another folder and home, with nothing asked",
  async (agent) => {
    await using rig = await createAgentRig(agent);
    const cassette = path.join(rig.workspace, "..", "cassette");
    const recorded = only(await rig.runThroughGateway("tool-bash", {}, ["--record", cassette]).ended, "attempt-ended");
    await using elsewhere = await createAgentRig(agent);
    const end = await elsewhere.replay("tool-bash", cassette).ended;
    const { verdict, reason, result, spent } = only(end, "attempt-ended");
    expect({ verdict, reason, result, spent }).toEqual({
      verdict: "succeeded",
      reason: recorded.reason,
      result: recorded.result,
      spent: recorded.spent,
    });
    expect([end.exitCode, end.leftBehind, elsewhere.api.requests()]).toEqual([0, [], []]);
  },
);
