import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createRig } from "./rig.ts";

const haiku = { defaults: { model: "haiku" }, gateway: { max_output_tokens: 1000 } };

test("a budget that refused Claude Code in the middle is raised while the run works, and the instance goes on in its session", async () => {
  await using rig = await createRig({
    config: {
      ...haiku,
      instances: [
        { name: "long", prompt: "[[mock:tool-bash]] Use a tool", allowed_tools: ["Bash"], budget: { tokens: 61_000 } },
        { name: "other", prompt: "[[mock:hang]] Wait" },
      ],
    },
  });
  const program = rig.start();
  await program.event((event) => event.type === "instance-settled");
  const unsaid = await rig.command(["budget", "set", "latest", "nobody", "--tokens", "5"]);
  expect([unsaid.exitCode, unsaid.stderr]).toEqual([
    2,
    expect.stringContaining("`nobody` names no budget of this run"),
  ]);
  const set = await rig.command(["budget", "set", "latest", "long", "--tokens", "400000"]);
  expect([set.exitCode, set.stderr]).toEqual([0, "the budget of instance `long` is 400.0K tokens from now on\n"]);
  expect((await rig.command(["retry", "latest", "long"])).exitCode).toBe(0);
  await program.event((event) => event.type === "instance-settled" && event.verdict === "succeeded");
  const shown = await rig.command(["budget", "show", "latest", "--json"]);
  expect(JSON.parse(shown.stdout)).toMatchObject([{ scope: "instance", of: "long", limit: 400_000 }]);
  await rig.command(["stop", "latest", "--force"]);
  const { events } = await program.ended;
  const ends = events.flatMap((event) => (event.type === "instance-settled" ? [[event.instance, event.verdict]] : []));
  expect(ends).toEqual([
    ["long", "budget_exceeded"],
    ["long", "succeeded"],
    ["other", "stopped"],
  ]);
  const told = events.flatMap((event) => {
    return event.type === "attempt-identified" && event.instance === "long" ? [event.sessionId] : [];
  });
  expect(new Set(told).size).toBe(1);
  const late = await rig.command(["budget", "set", "latest", "long", "--tokens", "5"]);
  expect([late.exitCode, late.stderr]).toEqual([2, expect.stringContaining("--accept-changes")]);
});

test("what waits for a window is let go by a larger one, set while it waits, and so it stays when the run is taken up", async () => {
  const config = {
    ...haiku,
    budget: { windows: [{ duration: "1h", tokens: 61_000 }], on_exceed: "pause" },
    instances: [{ name: "long", prompt: "[[mock:tool-bash]] Use a tool", allowed_tools: ["Bash"] }],
  };
  await using rig = await createRig({ config });
  const program = rig.start();
  await program.event(
    (event) => event.type === "attempt-progressed" && event.activity.some(({ kind }) => kind === "waiting"),
  );
  const set = await rig.command(["budget", "set", "latest", "1h", "--tokens", "400000"]);
  expect([set.exitCode, set.stderr]).toEqual([0, expect.stringContaining("the last 1h is 400.0K tokens from now on")]);
  const run = await rig.finish(program);
  expect([run.exitCode, run.verdicts]).toEqual([0, { long: "succeeded" }]);
  const again = await rig.command(["retry", run.result.run, "long", "--json"]);
  expect([again.exitCode, again.events.some(({ type }) => type === "plan-changed")]).toEqual([0, false]);
});

test("a budget of the machine is one for all its runs: what the first one spent the second one has not", async () => {
  const fleet = (tokens: number) => ({
    ...haiku,
    budget: { machine: [{ duration: "30d", tokens }] },
    instances: [{ name: "text", prompt: "[[mock:text]] Say hello" }],
  });
  await using rig = await createRig({ config: fleet(400_000) });
  const env = { CLAUDE_ORCHESTRATOR_STATE: rig.path("../state") };
  const first = await rig.run({ env });
  expect(first.verdicts).toEqual({ text: "succeeded" });
  const spent = first.result.tokens["total"] ?? 0;
  writeFileSync(rig.path("fleet.json"), JSON.stringify(fleet(spent)));
  const second = await rig.run({ env });
  expect([second.exitCode, second.verdicts]).toEqual([3, { text: "budget_exceeded" }]);
  expect(second.instance("text").reason).toContain("not started: the budget of all runs of the last 30d is spent");
  expect([spent > 0, second.result.tokens["total"]]).toEqual([true, 0]);
  const state = rig.path("../state/spending.db");
  writeFileSync(state, "no database, however long it may be".repeat(200));
  const refused = await rig.command(["run", "fleet.json"], { env });
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining("move the file away")]);
});

test("a sub-agent of Claude Code that has spent what is its own is refused, and the agent goes on without it", async () => {
  await using rig = await createRig({
    config: {
      ...haiku,
      instances: [{ name: "delegates", prompt: "[[mock:subagent]] Delegate", budget: { sub_agent: { tokens: 100 } } }],
    },
  });
  const run = await rig.run();
  expect(run.verdicts).toEqual({ delegates: "succeeded" });
  const refused = run.events.flatMap((event) => (event.type === "request-refused" ? [event.reason] : []));
  expect(refused[0]).toContain("the budget of each sub-agent of `delegates` has no room");
  expect(run.events.some((event) => event.type === "request-reserved" && event.subAgent !== undefined)).toBe(false);
});

test("Claude Code with a model that the budget has no room for goes on with the cheaper one the file names", async () => {
  await using rig = await createRig({
    config: {
      gateway: { max_output_tokens: 1000 },
      defaults: { model: "opus" },
      budget: { cost_usd: 0.2, on_exceed: { downgrade: "haiku" } },
      instances: [{ name: "text", prompt: "[[mock:text]] Say hello" }],
    },
  });
  const run = await rig.run();
  expect(run.verdicts).toEqual({ text: "succeeded" });
  expect(run.events.filter(({ type }) => type === "request-refused").length).toBe(1);
  const models = run.events.flatMap((event) => (event.type === "request-settled" ? [event.model ?? ""] : []));
  expect(models).toEqual([expect.stringContaining("haiku")]);
});
