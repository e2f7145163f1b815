import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { makeRunsDirectory, runsDirectoryPath } from "@claude-orchestrator/host";
import type { Io } from "../io/channel.ts";

/**
 * Where new runs are kept: the flag, else CLAUDE_ORCHESTRATOR_RUNS, else `.orchestrator/runs` of the folder the person is
 * in, whatever the workspace: so that `show latest` there finds what was run there.
 */
export function newRunsFolder(io: Pick<Io, "env" | "cwd">, flag: string | undefined): string {
  return runsDirectoryPath(optionsOf(io, flag));
}

/** Makes that folder, mode 0700. @throws UserError workspace-not-usable */
export function makeRunsFolder(io: Pick<Io, "env" | "cwd">, flag: string | undefined): string {
  return makeRunsDirectory(optionsOf(io, flag));
}

/**
 * Where runs of the past are looked for: as above, but from a folder inside also that of the nearest folder above. One that
 * may not be looked at is the answer too: whoever reads it says why it cannot.
 */
export function oldRunsFolder(io: Pick<Io, "env" | "cwd">, flag: string | undefined): string {
  const options = optionsOf(io, flag);
  if (options.configured !== undefined) return runsDirectoryPath(options);
  for (let folder = io.cwd; ; folder = dirname(folder)) {
    const runs = join(folder, ".orchestrator", "runs");
    if (isFolder(runs) !== false) return runs;
    if (dirname(folder) === folder) return runsDirectoryPath(options);
  }
}

/** Undefined where that cannot be found out. */
function isFolder(path: string): boolean | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return undefined;
  }
}

function optionsOf(
  { env, cwd }: Pick<Io, "env" | "cwd">,
  flag: string | undefined,
): { workspace: string; configured?: string } {
  const wish = flag ?? env["CLAUDE_ORCHESTRATOR_RUNS"];
  return wish === undefined || wish === "" ? { workspace: cwd } : { workspace: cwd, configured: resolve(cwd, wish) };
}
