import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createRig } from "./rig.ts";

test("what the real Claude Code took is the forecast of its next run, which a budget too small for it does not start", async () => {
  const fleet = { name: "fleet", instances: [{ name: "ask", prompt: "Go", model: "haiku" }] };
  await using rig = await createRig({ config: fleet });
  const first = await rig.run({ args: ["--gateway", "on"] });
  const took = Number(first.result.tokens["total"]);
  expect(took).toBeGreaterThan(1);
  const planned = await rig.command(["plan", "fleet.json", "--forecast"]);
  expect(planned.stdout).toContain("1 run of this instance");

  writeFileSync(rig.path("small.json"), JSON.stringify({ ...fleet, budget: { tokens: took, admission: "p90" } }));
  const asked = rig.model.requests().length;
  const second = await rig.command(["run", "small.json"]);
  expect(second.exitCode).toBe(3);
  expect(second.stdout + second.stderr).toContain("the budget of the run has no room for the p90 of its forecast");
  expect(rig.model.requests().length).toBe(asked);

  const check = await rig.command(["forecast", "check", "--json"]);
  expect(JSON.parse(check.stdout)).toMatchObject({
    runs: 1,
    checked: [{ of: "run", tokens: { count: 1 } }, { of: "instance" }],
    prompt_estimates: [{ count: expect.any(Number), too_low: 0 }],
  });
}, 60_000);
