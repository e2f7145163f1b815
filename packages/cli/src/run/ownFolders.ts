import { existsSync } from "node:fs";
import type { Plan, RunState } from "@claude-orchestrator/domain";
import type { RunRequest } from "@claude-orchestrator/engine";
import { assignFolders, createGit, isWorktreeRecord, listRecords, removeUntouched } from "@claude-orchestrator/host";
import type { AssignedFolders, Git } from "@claude-orchestrator/host";
import type { Io } from "../io/channel.ts";
import type { Obstacle } from "./problems.ts";

/** Folders of instances that work apart, decided and not yet made. */
export interface OwnFolders {
  readonly git: Git;
  readonly assigned: AssignedFolders;
  readonly obstacles: readonly Obstacle[];
}

export interface FoldersOfRun {
  readonly plan: Plan;
  readonly run: string;
  /** The run's. */
  readonly directory: string;
  /** Of a run that is taken up. */
  readonly history?: RunState | undefined;
}

/** Makes nothing. What keeps an instance from having its folder is among the obstacles, one for each reason. */
export async function assignOwnFolders(wanted: FoldersOfRun, io: Pick<Io, "env">): Promise<OwnFolders> {
  const git = createGit(io.env);
  // A folder that is not there is an obstacle of its own, told elsewhere.
  const instances = wanted.plan.instances.filter(({ cwd }) => existsSync(cwd));
  const assigned = await assignFolders({ ...wanted, plan: { ...wanted.plan, instances }, git, variables: io.env });
  const byMessage = new Map([...assigned.problems].map(([name, problem]) => [problem.message, { name, ...problem }]));
  const obstacles = [...byMessage.values()].map(({ name, message, hint }): Obstacle => {
    const sentence = `\`${name}\` cannot work apart (isolation): ${message}`;
    return { code: "workspace-not-usable", message: sentence, ...(hint === undefined ? {} : { hint }) };
  });
  return { git, assigned, obstacles };
}

/** What may be taken as text from an untrusted workspace, also by the folders that stand for it. */
export function withOwnFolders<Request extends RunRequest>(request: Request, { assigned }: OwnFolders): Request {
  const own = request.plan.instances.flatMap(({ name, cwd }) => {
    const folder = assigned.cwds.get(name);
    const context = request.contexts.get(cwd);
    return folder === undefined || context === undefined ? [] : [[folder, context] as const];
  });
  return { ...request, contexts: new Map([...request.contexts, ...own]) };
}

/** At the end of a run: worktrees nothing was done in go, all else stays. */
export async function tidyOwnFolders({ git, assigned }: OwnFolders, io: Pick<Io, "env">): Promise<void> {
  const paths = new Set([...assigned.folders.values()].map(({ path }) => path));
  if (paths.size === 0) return;
  const mine = listRecords(io.env).filter(({ path }) => paths.has(path));
  for (const folder of mine.filter(isWorktreeRecord)) await removeUntouched(git, folder);
}
