import { expect, test } from "vitest";
import { createRig } from "./rig.ts";
import { readResult } from "./support/invariants.ts";

test("the supervisor killed in the middle of a tool, the real Claude Code goes on in its session with what it had done", async () => {
  await using rig = await createRig({
    config: {
      defaults: { model: "haiku" },
      instances: [
        { name: "before", prompt: "Say something" },
        { name: "sleeper", prompt: "[[mock:tool-sleep5]] Sleep", allowed_tools: ["Bash"] },
        { name: "after", needs: "sleeper", prompt: "Go" },
      ],
    },
  });
  const program = rig.start();
  await rig.processRunning("setTimeout");
  await program.event((event) => event.type === "instance-settled" && event.instance === "before");
  await program.event((event) => event.type === "attempt-progressed" && event.instance === "sleeper");
  program.signal("SIGKILL");
  await program.ended;
  const ps = await rig.command(["ps", "--json"]);
  expect(JSON.parse(ps.stdout)).toMatchObject([{ status: "interrupted" }]);

  const resumed = await rig.command(["resume", "latest", "--json"]);
  expect(resumed.exitCode).toBe(0);
  const [directory = ""] = rig.runs();
  const result = readResult(directory);
  expect(result).toMatchObject({ status: "succeeded", exit_code: 0 });
  const [before, sleeper] = result.instances;
  expect(before?.attempts.length).toBe(1);
  const [first, second] = sleeper?.attempts ?? [];
  expect(second?.session_id).toBe(first?.session_id);
  expect(second?.argv).toContain(`--resume=${first?.session_id}`);
  const bodies = rig.model.requests().map(({ body }) => body);
  expect(bodies.some((body) => body.includes("was interrupted") && body.includes("tool_result"))).toBe(true);
  // The first attempt never came to its own totals: what it told is counted, and said to be a lower bound.
  expect(sleeper?.totals_are_final).toBe(false);
  expect(sleeper?.tokens["total"]).toBeGreaterThan(1242);
});
