import { expect, test } from "vitest";
import { createRig } from "./rig.ts";

/** STORM_AGENTS=20 asks for more; `STORM_GATEWAY=off` shows what the gateway spares the API. */
const agents = Number(process.env["STORM_AGENTS"] ?? 4);
const gateway = process.env["STORM_GATEWAY"] ?? "on";
const atOnce = Math.ceil(agents / 4);

test(`${agents} real agents at once behind one key that bears ${atOnce} all succeed, and the API has to refuse few`, async () => {
  const names = Array.from({ length: agents }, (_, at) => `agent ${at}`);
  await using rig = await createRig({
    config: {
      gateway,
      concurrency: agents,
      defaults: { model: "haiku" },
      instances: names.map((name) => ({ name, prompt: "[[mock:long-fast]] Talk" })),
    },
    rateLimit: { concurrent: atOnce },
    speed: 1,
  });
  const run = await rig.run();
  const { refused, tooEarly } = rig.model.rateLimitCounts();
  if (agents > 4) console.log(`gateway ${gateway}: ${refused} refused, ${tooEarly} of them before the time named`);
  expect(new Set(Object.values(run.verdicts))).toEqual(new Set(["succeeded"]));
  // Those that went first, and a trial now and then of whether it bears more by now.
  expect(gateway === "off" || refused <= agents + 4, `${refused} refused`).toBe(true);
});
