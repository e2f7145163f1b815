import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startBystanders } from "./bystanders.ts";
import { chaosRun } from "./chaosRun.ts";

/** In all; CHAOS_KILLS asks for more. */
const wanted = Number(process.env["CHAOS_KILLS"] ?? 40);
const killsOfOneRun = 20;
const onLinux = process.platform === "linux";
const agent = fileURLToPath(new URL("agent.sh", import.meta.url));

test.runIf(onLinux)(
  "whatever is killed whenever, nothing of a run survives it, nobody else dies, and every token is counted once",
  async () => {
    using bystanders = startBystanders(agent, 3);
    const total = { supervisor: 0, agent: 0, grandchild: 0, terminal: 0, adopted: 0, resumed: 0 };
    const killed = (): number => total.supervisor + total.agent + total.grandchild + total.terminal;
    for (let run = 0; killed() < wanted; run += 1) {
      const containment = run % 2 === 0 ? "sweep" : "auto";
      const end = await chaosRun({ random: Math.random, kills: killsOfOneRun, containment, size: 20 });
      expect({ survivors: end.survivors, miscounted: end.miscounted, gone: bystanders.gone() }).toEqual({
        survivors: [],
        miscounted: [],
        gone: 0,
      });
      expect(new Set(Object.values(end.verdicts))).toEqual(new Set(["succeeded"]));
      for (const victim of ["supervisor", "agent", "grandchild", "terminal"] as const)
        total[victim] += end.kills[victim];
      total.adopted += end.adopted;
      total.resumed += end.resumed;
      console.log(`chaos: ${JSON.stringify({ runs: run + 1, killed: killed(), ...total })}`);
    }
  },
  3_600_000,
);
