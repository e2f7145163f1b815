import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { availableParallelism, freemem, totalmem } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import type { AgentProgram, EnvironmentSource } from "@claude-orchestrator/engine/ports";

export interface DoctorFacts {
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly cores: number;
  readonly memory: { readonly totalBytes: number; readonly freeBytes: number };
  /** Of the disk the runs are kept on; undefined where the system does not tell. */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | undefined;
  readonly runsDirectory: { readonly path: string; readonly writable: boolean };
  /** Path of bubblewrap, the sandbox, where it is installed. */
  readonly bubblewrap: string | undefined;
  /** How many files we may have open (two per running attempt); undefined where not known or unlimited. */
  readonly openFiles: number | undefined;
  readonly isRoot: boolean;
}

/** What of this machine matters for running agents. Reads no secret, makes nothing. */
export function doctorFacts(environment: EnvironmentSource, runsDirectory: string): DoctorFacts {
  const nearest = nearestExisting(runsDirectory);
  return {
    node: process.version,
    platform: process.platform,
    arch: process.arch,
    cores: availableParallelism(),
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
    disk: diskOf(nearest),
    runsDirectory: { path: runsDirectory, writable: isWritable(nearest) },
    bubblewrap: findOnPath("bwrap", environment.get("PATH")),
    openFiles: openFileLimit(),
    isRoot: environment.isRoot,
  };
}

export interface SignInState {
  /** Names of its variables that are set; their values are not looked at. */
  readonly variables: readonly string[];
  /** Its files that exist; they are not read. */
  readonly files: readonly string[];
}

/** Whether an agent has something to sign in with: by existence only. */
export function signInState(signIn: AgentProgram["signIn"], environment: EnvironmentSource): SignInState {
  const home = environment.get("HOME") ?? environment.get("USERPROFILE");
  const files = signIn.files.flatMap((file) => placeOf(file, home, environment) ?? []);
  return {
    variables: signIn.env.filter((name) => (environment.get(name) ?? "") !== ""),
    files: files.filter((file) => existsSync(file)),
  };
}

/** `$NAME/rest` begins with a variable's value; all else is relative to the home folder. */
function placeOf(file: string, home: string | undefined, environment: EnvironmentSource): string | undefined {
  const [, name, rest = ""] = /^\$(\w+)(?:\/(.*))?$/.exec(file) ?? [];
  if (name === undefined) return home === undefined ? undefined : join(home, file);
  const base = environment.get(name);
  return base === undefined || base === "" ? undefined : join(base, rest);
}

function diskOf(path: string): DoctorFacts["disk"] {
  try {
    const { bavail, blocks, bsize } = statfsSync(path);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return undefined;
  }
}

function nearestExisting(path: string): string {
  let nearest = path;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  return nearest;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function findOnPath(name: string, path: string | undefined): string | undefined {
  const folders = (path ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
}

/** Node has no getrlimit; a shell inherits our limit and can tell it. */
function openFileLimit(): number | undefined {
  if (process.platform === "win32") return undefined;
  try {
    const text = execFileSync("/bin/sh", ["-c", "ulimit -n"], { encoding: "utf8", env: {}, stdio: "pipe" });
    return /^\d+\s*$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}
