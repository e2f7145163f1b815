import { expect, test } from "vitest";
import { planOf } from "../testing/loading.ts";

const file = `breakers: { on_trip: stop }
instances: [{ name: a, prompt: do it, budget: { sub_agent: { tokens: 5, cost_usd: 1 } } }]
`;

test("what only the gateway measures is said not to be measured where there is none", () => {
  expect(planOf(file).notices).toEqual([
    "`budget.sub_agent` of `a` is not measured: only the gateway tells sub-agents apart, and it is off (`gateway: on`, `--gateway on`)",
    "`breakers` watch nothing: only the gateway sees each request, and it is off (`gateway: on`, `--gateway on`)",
  ]);
  expect(planOf(`gateway: on\n${file}`).notices).toEqual([]);
  expect(planOf(file, { overrides: { gateway: true } }).notices).toEqual([]);
  expect(planOf("gateway: off\ninstances: [{ name: a, prompt: do it }]").notices).toEqual([]);
});
