import { mkdirSync } from "node:fs";
import { UserError } from "@claude-orchestrator/domain";
import { readVersion } from "@claude-orchestrator/host";
import { acquireRunLock } from "@claude-orchestrator/store";
import type { CheckExecutable, Step } from "@claude-orchestrator/update";
import { programName } from "../program/version.ts";

/** An executable unpacks itself at its first start, on a slow disk too. */
const startMs = 60_000;

/** Starts it with `--version`, in an empty home and for a minute at most. */
export const checkExecutable: CheckExecutable = async (file, version) => {
  const program = {
    versionArgs: ["--version"],
    parseVersion: (output: string) => new RegExp(`^${programName} (\\S+)$`, "m").exec(output)?.[1],
  };
  const answer = await readVersion(program, [file], process.env["PATH"], startMs);
  if (answer.version === version) return undefined;
  return answer.version === undefined ? (answer.problem ?? "it says nothing") : `it says that it is ${answer.version}`;
};

/** Does something while no other process does of the kind. @throws UserError update-refused where one does */
export async function whileLocked<Value>(folder: string, work: () => Promise<Value>): Promise<Value> {
  const lock = inWritableFolder(folder, () => {
    mkdirSync(folder, { recursive: true });
    return acquireRunLock(folder);
  });
  if (lock === undefined) {
    throw new UserError("update-refused", "Another update is at work here", { hint: "wait until it has ended" });
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Takes the steps in turn. @throws UserError update-refused where the folder does not let it */
export async function takeSteps(steps: readonly Step[], folder: string): Promise<void> {
  for (const step of steps) {
    try {
      await step.run();
    } catch (error) {
      throw inFolder(error, folder);
    }
  }
}

function inWritableFolder<Value>(folder: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw inFolder(error, folder);
  }
}

const ofFolders: Readonly<Record<string, string>> = {
  EEXIST: "it is no folder",
  ENOTDIR: "it is no folder",
  EACCES: "it is not yours to change",
  EPERM: "it is not yours to change",
  EROFS: "it is on a file system that can only be read",
  ENOSPC: "there is no space left",
  EDQUOT: "the disk quota is used up",
};

function inFolder(error: unknown, folder: string): unknown {
  const cause = error instanceof UserError && error.code === "log-not-usable" ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const isOfLock = error instanceof UserError && error.code === "log-not-usable";
  const why = ofFolders[code] ?? (isOfLock ? "it cannot be locked" : undefined);
  if (why === undefined) return error;
  return new UserError("update-refused", `Nothing was updated: ${folder} cannot be written: ${why}`, {
    hint: "what is installed stays as it is; update as the user to whom the folder belongs, or make room",
    cause: error,
  });
}
