import { expect, test } from "vitest";
import { planOf, simulate } from "./testing/simulation.ts";

test("a key of the gateway that an agent prints by itself is in no event, whether it asked there or not", async () => {
  const key = "without-a-shape-0123456789";
  const simulation = simulate(planOf([{ name: "a" }]), {
    gateway: { keys: { ANTHROPIC_KEY: key }, open: () => undefined },
    script: () => ({
      lines: [
        { afterMs: 1, event: { type: "session", sessionId: "s" } },
        { afterMs: 1, event: { type: "finished", ok: true, result: `it is ${key}` } },
      ],
      exitAfterMs: 2,
      exit: { code: 0 },
    }),
  });
  await simulation.finish();
  const log = JSON.stringify(simulation.log.events);
  expect(log).not.toContain(key);
  expect(log).toContain("it is [ANTHROPIC_KEY]");
});
