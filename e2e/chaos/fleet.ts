import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const agentSource = readFileSync(fileURLToPath(new URL("agent.sh", import.meta.url)), "utf8");

export interface FleetOptions {
  readonly size: number;
  /** Steps of each agent, and the seconds between them. */
  readonly steps: number;
  readonly pause: number;
  /** Where the agents say that they have started: one line each. */
  readonly starts: string;
}

/** The files of a workspace with the agent, and a fleet of it: a third of the instances needs one before it. */
export function nastyFleet({ size, steps, pause, starts }: FleetOptions) {
  const instances = Array.from({ length: size }, (_, index) => ({
    name: `agent-${index}`,
    prompt: `Do your part, number ${index}`,
    ...(index >= 3 && index % 3 === 0 ? { needs: `agent-${index - 3}` } : {}),
    env: {
      CHAOS_NAME: `agent-${index}`,
      CHAOS_STARTS: starts,
      CHAOS_STEPS: String(steps + (index % 4)),
      CHAOS_PAUSE: String(pause),
    },
  }));
  return { files: { "agent.sh": agentSource }, config: { concurrency: size, instances } };
}
