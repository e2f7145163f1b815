import { expect, test } from "vitest";
import { createRig } from "./rig.ts";

const sleeping = { name: "sleeper", prompt: "[[mock:tool-sleep]] Sleep", allowed_tools: ["Bash"] };
const hanging = { name: "hanging", prompt: "[[mock:hang]] Wait" };

test.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
  ["SIGHUP", 143],
] as const)("%s ends the agents and the tools they run, settles and sums up: exit %d", async (signal, exitCode) => {
  await using rig = await createRig({
    config: {
      defaults: { model: "haiku" },
      instances: [sleeping, hanging, { name: "never", needs: "sleeper", prompt: "Go" }],
    },
  });
  const program = rig.start();
  const tool = await rig.processRunning("setTimeout");
  await rig.model.waitFor((request) => request.scenario === "hang");
  program.signal(signal);
  const run = await rig.finish(program);
  expect({ exitCode: run.exitCode, verdicts: run.verdicts }).toEqual({
    exitCode,
    verdicts: { sleeper: "stopped", hanging: "stopped", never: "stopped" },
  });
  expect(tool.pid).toBeGreaterThan(0);
  expect(run.result).toMatchObject({ status: "stopped", exit_code: exitCode });
  expect(run.stderr).toContain("stopped");
});

test("a second Ctrl-C forces", async () => {
  await using rig = await createRig({
    config: {
      instances: [
        { name: "stubborn", agent: "command", run: "trap '' TERM INT; echo ready; while :; do sleep 1; done" },
      ],
    },
  });
  const program = rig.start();
  await program.event((event) => event.type === "attempt-progressed");
  program.signal("SIGINT");
  await program.event((event) => event.type === "run-stopping");
  program.signal("SIGINT");
  const run = await rig.finish(program);
  expect({ exitCode: run.exitCode, verdicts: run.verdicts }).toEqual({
    exitCode: 130,
    verdicts: { stubborn: "stopped" },
  });
  expect(run.events.filter(({ type }) => type === "run-stopping")).toMatchObject([{ force: false }, { force: true }]);
});

test("each timer ends its own instance, with its own sentence", async () => {
  await using rig = await createRig({
    config: {
      defaults: { model: "haiku" },
      instances: [
        { ...sleeping, name: "wall", timeout: "4s" },
        { ...hanging, name: "idle", idle_timeout: "4s" },
        { name: "first", agent: "command", run: "sleep 60", first_event_timeout: "300ms" },
        { name: "fine", prompt: "[[mock:text]] Hello", timeout: "1m", idle_timeout: "1m" },
      ],
    },
  });
  const run = await rig.run();
  expect({ exitCode: run.exitCode, verdicts: run.verdicts }).toEqual({
    exitCode: 1,
    verdicts: { wall: "timed_out", idle: "timed_out", first: "timed_out", fine: "succeeded" },
  });
  expect(run.reasons).toMatchObject({
    wall: expect.stringContaining("(timeout)"),
    idle: expect.stringContaining("(idle_timeout)"),
    first: expect.stringContaining("(first_event_timeout)"),
  });
});

test("a token budget stops what would spend more: at most the request in flight goes over it", async () => {
  const [limit, oneRequest] = [50_000, 21_010];
  await using rig = await createRig({
    // Slow enough that a loaded machine still reads an answer before the next one has been given.
    speed: 3,
    config: {
      budget: { tokens: limit, on_exceed: "block" },
      defaults: { model: "haiku" },
      instances: [
        { name: "spender", prompt: "[[mock:expensive-forever]] Spend", allowed_tools: ["Bash"] },
        { name: "late", needs: [{ instance: "spender", when: "always" }], prompt: "Say hello" },
      ],
    },
  });
  const run = await rig.run();
  expect({ exitCode: run.exitCode, verdicts: run.verdicts }).toEqual({
    exitCode: 3,
    verdicts: { spender: "budget_exceeded", late: "budget_exceeded" },
  });
  const used = run.result.budgets[0]?.used ?? 0;
  expect(used).toBeGreaterThan(limit);
  expect(used).toBeLessThanOrEqual(limit + oneRequest);
  expect(rig.asked("expensive-forever").length).toBeLessThanOrEqual(Math.ceil(limit / oneRequest) + 1);
  expect(run.events.filter(({ type }) => type === "budget-warned")).toMatchObject([
    { threshold: 0.8 },
    { threshold: 1 },
  ]);
});
