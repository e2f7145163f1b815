import type { RunRequest } from "@claude-orchestrator/engine";
import { programVersion } from "../program/version.ts";
import type { Preflight } from "./preflight.ts";
import { locatedPrograms } from "./programs.ts";
import type { ReadPlan } from "./readPlan.ts";
import { workspaceContexts } from "./workspace.ts";

/** What the engine is asked for: the plan as it was read, with the programs that were found for it. */
export function runRequest(
  {
    id,
    directory,
    preflight,
    read,
  }: { readonly preflight: Preflight; readonly read: ReadPlan } & Pick<RunRequest, "id" | "directory">,
  marks: Pick<RunRequest, "demo" | "replay">,
): RunRequest {
  const { plan, startAt } = preflight;
  return {
    id,
    plan,
    version: programVersion(),
    ...(read.source === undefined ? {} : { source: read.source }),
    directory,
    ...marks,
    ...(startAt === undefined ? {} : { startAt }),
    programs: locatedPrograms(preflight.agents),
    contexts: workspaceContexts(plan),
  };
}
