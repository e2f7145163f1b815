import { expect, test } from "vitest";
import { createRig } from "./rig.ts";

test("what went through the gateway is told by model, and each request of it, as the run's own result has it", async () => {
  await using rig = await createRig({
    config: {
      name: "nightly",
      defaults: { model: "haiku" },
      gateway: "on",
      budget: { cost_usd: 100 },
      instances: [{ name: "hello", prompt: "[[mock:text]] Say hello" }],
    },
  });
  const run = await rig.run();
  const byModel = await rig.command(["usage", "--by", "model", "--json"]);
  const { total, rows } = JSON.parse(byModel.stdout);
  expect([byModel.exitCode, rows.length, total.runs, total.attempts]).toEqual([0, 1, 1, 1]);
  expect([total.tokens.total, total.cost_usd]).toEqual([
    run.result.tokens["total"],
    expect.closeTo(run.result.cost_usd ?? Number.NaN, 8),
  ]);
  const top = await rig.command(["usage", "--top", "5", "--csv"]);
  expect(top.stdout.split("\r\n")[1]).toContain(`,${run.result.run},nightly,hello,1,1,,claude-haiku`);
  const shown = await rig.command(["show", "latest"]);
  expect(shown.stdout).toMatch(/budget run .* of \$100\.0000 +\$\d+\.\d{4} left\n/);
  expect(shown.stdout).toMatch(/requests +\d+ through the gateway\n/);
});
