/** The real CLIs of other makers, through the built program, against a stand-in for the model: `npm run test:agents`. */
import { describe, expect, test } from "vitest";
import { createAgentRig, only } from "./rig.ts";

/** What the stand-in's scenarios come to with each agent: its words, its tokens as its own dialect carries them. */
const agents = [
  { agent: "codex", tool: "command_execution" },
  { agent: "gemini", tool: "run_shell_command" },
  { agent: "opencode", tool: "bash" },
] as const;

describe.each(agents)("$agent", ({ agent, tool }) => {
  test("answers, and its words and tokens are told as they were", async () => {
    await using rig = await createAgentRig(agent);
    const end = await rig.run("text").ended;
    const attempt = only(end, "attempt-ended");
    expect([attempt.verdict, attempt.result]).toEqual(["succeeded", "Hello from the stand-in model."]);
    expect([attempt.spent.usage.input, attempt.spent.usage.output, attempt.spent.final]).toEqual([1200, 42, true]);
    expect(attempt.unreadable).toBe(0);
    expect([end.exitCode, end.leftBehind]).toEqual([0, []]);
    expect(rig.api.requests().some(({ body }) => body.includes(JSON.stringify('say "hello"').slice(1, -1)))).toBe(true);
  });

  test("uses a tool where its permission mode grants it, and cached tokens are told apart", async () => {
    await using rig = await createAgentRig(agent);
    const end = await rig.run("tool-bash", { permission_mode: "bypassPermissions" }).ended;
    const attempt = only(end, "attempt-ended");
    expect([attempt.verdict, attempt.result, attempt.tools]).toEqual([
      "succeeded",
      "The command printed hi.",
      { [tool]: 1 },
    ]);
    expect([attempt.spent.usage.cacheRead, attempt.spent.usage.output]).toEqual([29_000, 392]);
    expect([end.exitCode, end.leftBehind]).toEqual([0, []]);
  });

  test("fails with the model API's own words when its request is refused", async () => {
    await using rig = await createAgentRig(agent);
    const end = await rig.run("400").ended;
    const attempt = only(end, "attempt-ended");
    expect(attempt.verdict).toBe("failed");
    expect(attempt.failure).toEqual({
      kind: "invalid_request",
      message: "messages.0: something is wrong",
      status: 400,
    });
    expect([end.exitCode, end.leftBehind]).toEqual([1, []]);
  });

  test("is stopped by SIGINT to the program, with its tool, and nothing is left", async () => {
    await using rig = await createAgentRig(agent);
    const run = rig.run("tool-sleep", { permission_mode: "bypassPermissions" });
    await run.untilProcess("setTimeout(()=>console.log(1),30000)");
    run.signal("SIGINT");
    const end = await run.ended;
    expect([only(end, "attempt-ended").verdict, only(end, "instance-settled").verdict]).toEqual(["stopped", "stopped"]);
    expect([end.exitCode, end.leftBehind]).toEqual([130, []]);
  });
});
