import { formatBytes } from "@claude-orchestrator/domain";
import type { Plan } from "@claude-orchestrator/domain";
import { freeSpaceAt, ownFoldersRoot } from "@claude-orchestrator/host";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import type { Obstacle } from "./problems.ts";

/** What must stay free where a file says nothing, in bytes: room to end in order, and for the machine to go on. */
const defaultMinFree = 2 ** 30;

export function minFreeOf({ disk }: Plan): number {
  return disk?.minFree ?? defaultMinFree;
}

/** The folders whose disks a run fills: that of its files, and that of its worktrees where it has any. */
export function placesOf(plan: Plan, runsFolder: string, io: Pick<Io, "env">): readonly string[] {
  const isolated = plan.instances.some(({ isolation }) => isolation !== undefined);
  const own = isolated ? ownFoldersRoot(io.env) : undefined;
  return own === undefined ? [runsFolder] : [runsFolder, own];
}

/** A sentence, where one of the places has less room than must stay free. */
export function tooLittleRoom(places: readonly string[], minFree: number): string | undefined {
  for (const place of places) {
    const free = freeSpaceAt(place);
    if (free !== undefined && free < minFree) {
      return `only ${formatBytes(free)} is free where the run writes (${place}), and ${formatBytes(minFree)} must stay free (disk.min_free)`;
    }
  }
  return undefined;
}

/** What keeps a run from starting for want of room. */
export function diskObstacles(plan: Plan, runsFolder: string, io: Pick<Io, "env">): readonly Obstacle[] {
  const message = tooLittleRoom(placesOf(plan, runsFolder, io), minFreeOf(plan));
  if (message === undefined) return [];
  const hint = `make room (\`${programName} worktrees clean\`, \`${programName} runs prune\`), or write a smaller \`disk: { min_free: … }\``;
  return [{ code: "workspace-not-usable", message, hint }];
}
