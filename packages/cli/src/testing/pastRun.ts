import { join } from "node:path";
import { makeRunId } from "@claude-orchestrator/domain";
import type { InstancePlan, Plan, RunEvent } from "@claude-orchestrator/domain";
import { createRunLog } from "@claude-orchestrator/store";
import { created, ended, planned, runSettled, sampleInstance, samplePlan, settled, spending } from "./sampleRun.ts";

export interface PastRunWish {
  /** ms since 1970: when it was begun, and when it ended. */
  readonly at: number;
  readonly tookMs: number;
  readonly workspace: string;
  /** Of each of its instances. */
  readonly tokens: number;
  readonly costUsd: number | undefined;
  readonly instances?: Readonly<Record<string, Partial<InstancePlan>>>;
  readonly plan?: Partial<Plan>;
  /** What happened beside, before the instances ended. */
  readonly meanwhile?: readonly RunEvent[];
  readonly isDemo?: boolean;
}

/** Writes the log of a run that succeeded into a folder of runs; gives its id. */
export async function writePastRun(folder: string, wish: PastRunWish): Promise<string> {
  const { at, tookMs, workspace, tokens, costUsd, instances = { review: {} } } = wish;
  const id = makeRunId(at, () => 0.5);
  let now = at;
  const log = createRunLog(join(folder, id), id, { clock: { wall: () => now }, programVersion: "0.1.0" });
  const plans = Object.entries(instances).map(([name, changes]) => sampleInstance(name, changes));
  const first = created(samplePlan([], { workspace, instances: plans, ...wish.plan }));
  log.append({ ...first, id, ...(wish.isDemo === true ? { demo: "a stand-in" } : {}) } as RunEvent);
  log.append({ type: "run-started" });
  const names = plans.map(({ name }) => name);
  for (const name of names) log.append(planned(name));
  for (const event of wish.meanwhile ?? []) log.append(event);
  now = at + tookMs;
  for (const name of names) {
    log.append(ended(name, { spent: spending(tokens, costUsd), durationMs: tookMs }));
    log.append(settled(name));
  }
  log.append(runSettled({ durationMs: tookMs }));
  await log.close();
  return id;
}
