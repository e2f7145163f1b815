import { lstatSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import { makeFolder } from "./makeFolder.ts";

export interface RunsDirectoryOptions {
  readonly workspace: string;
  /** Where the person wants them instead; relative to the workspace. */
  readonly configured?: string;
}

/** Where runs are kept, absolute; nothing is made. */
export function runsDirectoryPath({ workspace, configured }: RunsDirectoryOptions): string {
  return configured === undefined ? resolve(workspace, ".orchestrator", "runs") : resolve(workspace, configured);
}

/**
 * Makes the folder runs are kept in (0700) and answers its absolute path. The default, `.orchestrator/runs` of the workspace,
 * is put outside its version control by a `.gitignore` of its own.
 *
 * @throws UserError `workspace-not-usable` where it cannot be made, or `.orchestrator` is a link: a workspace is not trusted
 */
export function makeRunsDirectory(options: RunsDirectoryOptions): string {
  const path = runsDirectoryPath(options);
  const own = join(options.workspace, ".orchestrator");
  try {
    if (options.configured === undefined) {
      refuseLink(own);
      makeFolder(own);
      refuseLink(path);
      ignoreInVersionControl(join(own, ".gitignore"));
    }
    makeFolder(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError("workspace-not-usable", `Runs cannot be kept in ${path}: ${why}`, {
      hint: "name a folder you can write to with `--runs-dir`",
      cause: error,
    });
  }
  return path;
}

function refuseLink(path: string): void {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined || entry.isDirectory()) return;
  const what = entry.isSymbolicLink() ? "a symbolic link" : "no folder";
  throw new UserError("workspace-not-usable", `Runs cannot be kept in ${path}: it is ${what}`, {
    hint: "remove it, or name another folder with `--runs-dir`",
  });
}

function ignoreInVersionControl(file: string): void {
  try {
    writeFileSync(file, "*\n", { flag: "wx", mode: 0o600 });
  } catch (error) {
    const exists = error instanceof Error && "code" in error && error.code === "EEXIST";
    if (!exists) throw error;
  }
}
