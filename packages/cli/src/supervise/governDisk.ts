import { join } from "node:path";
import type { RunState } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { minFreeOf, placesOf } from "../run/diskBounds.ts";
import { DiskGovernor } from "../run/diskGovernor.ts";
import type { Writer } from "../run/diskGovernor.ts";
import type { RunFold } from "../run/runFold.ts";
import type { Supervision } from "./supervision.ts";

/** Watches what the run takes of the disk. */
export function governDisk(
  { directory, own, plan }: Supervision,
  fold: RunFold,
  io: Io,
  stop: (instance: string, because: string) => void,
): DiskGovernor {
  const folders = new Map([...own.assigned.folders].map(([name, { path }]) => [name, path]));
  return new DiskGovernor({
    places: placesOf(plan, directory, io),
    minFree: minFreeOf(plan),
    maxRun: plan.disk?.maxRun,
    folders: [directory, ...new Set(folders.values())],
    writers: () => writersOf(fold.state, directory, folders),
    stop,
  });
}

function writersOf(
  state: RunState | undefined,
  directory: string,
  folders: ReadonlyMap<string, string>,
): readonly Writer[] {
  return [...(state?.instances.values() ?? [])].flatMap(({ name, phase, attempts }) => {
    const files = attempts.at(-1)?.files;
    if (phase.status !== "running" || files === undefined) return [];
    return [
      { name, files: [files.stdout, files.stderr].map((file) => join(directory, file)), folder: folders.get(name) },
    ];
  });
}
