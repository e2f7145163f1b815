import { statSync } from "node:fs";
import type { Plan } from "@claude-orchestrator/domain";
import type { WorkspaceContext } from "@claude-orchestrator/engine/ports";
import { readWorkspaceContext } from "@claude-orchestrator/host";
import type { Obstacle } from "./problems.ts";

/** One sentence for each folder of the plan that is not there, or is none. */
export function missingFolders(plan: Plan): readonly Obstacle[] {
  const folders = new Map<string, string>([[plan.workspace, "the workspace"]]);
  for (const instance of plan.instances) {
    if (!folders.has(instance.cwd)) folders.set(instance.cwd, `the folder of ${instance.name}`);
  }
  return [...folders].flatMap(([folder, what]): readonly Obstacle[] => {
    const entry = statSync(folder, { throwIfNoEntry: false });
    if (entry?.isDirectory() === true) return [];
    const message = entry === undefined ? `${what} ${folder} does not exist` : `${what} ${folder} is not a folder`;
    return [{ code: "workspace-not-usable", message, hint: "name another with `--workspace`, or in the file" }];
  });
}

/** What may be taken as text from each untrusted folder. */
export function workspaceContexts(plan: Plan): ReadonlyMap<string, WorkspaceContext> {
  const untrusted = plan.instances.filter(({ trustWorkspace }) => !trustWorkspace).map(({ cwd }) => cwd);
  return new Map([...new Set(untrusted)].map((folder) => [folder, readWorkspaceContext(folder)]));
}
