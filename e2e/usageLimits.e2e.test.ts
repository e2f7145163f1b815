import { expect, test } from "vitest";
import { createRig } from "./rig.ts";

/** Signed in as a subscriber is: only then Claude Code speaks of usage windows. */
const subscriber = { CLAUDE_CODE_OAUTH_TOKEN: "sk-ant-oat01-dummy-token-of-nobody", ANTHROPIC_API_KEY: "" };

test("the real Claude Code that meets its limit goes on in its session after the reset; what waits meanwhile loses nothing", async () => {
  await using rig = await createRig({
    config: {
      concurrency: 1,
      defaults: { model: "haiku", env: subscriber, allowed_tools: ["Bash"] },
      instances: [
        { name: "cut off", prompt: "[[mock:429-sub-once]] Go" },
        { name: "waiting", prompt: "Go" },
        {
          name: "other account",
          prompt: "Go",
          env: { CLAUDE_CODE_OAUTH_TOKEN: "", ANTHROPIC_API_KEY: "sk-ant-other" },
        },
      ],
    },
  });
  const run = await rig.run();
  expect(run.verdicts).toEqual({ "cut off": "succeeded", waiting: "succeeded", "other account": "succeeded" });
  expect(run.instance("cut off").result).toBe("OK after the window had reset.");
  const resumed = rig.asked("429-sub-once").at(-1)?.body ?? "";
  expect(resumed).toContain("was interrupted");
  expect(resumed).toContain("Step one.");
  const reset = run.events.find((event) => event.type === "limit-observed" && event.status === "rejected");
  const resetsAt = reset?.type === "limit-observed" ? (reset.resetsAt ?? Infinity) : Infinity;
  const held = run.events.filter((event) => event.type === "instance-held");
  expect(held.map(({ instance, reason }) => [instance, reason])).toContainEqual([
    "waiting",
    "the usage window five_hour of claude is used up",
  ]);
  const starts = run.events.filter((event) => event.type === "attempt-planned" && event.at > (reset?.at ?? 0));
  const before = starts.filter(({ at }) => at < resetsAt).map((event) => ("instance" in event ? event.instance : ""));
  expect(before).toEqual(["other account"]);
}, 60_000);

test("with on_limit: fail nothing waits", async () => {
  await using rig = await createRig({
    config: {
      on_limit: "fail",
      concurrency: 1,
      defaults: { model: "haiku", env: subscriber },
      instances: [
        { name: "first", prompt: "[[mock:429-sub]] Go" },
        { name: "second", prompt: "Go" },
      ],
    },
  });
  const run = await rig.run();
  expect(run.exitCode).toBe(1);
  expect(run.verdicts).toEqual({ first: "rate_limited", second: "rate_limited" });
  expect(run.reasons["second"]).toBe("not started: the usage window five_hour of claude is used up (on_limit: fail)");
}, 60_000);
