import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonValue, ProcessIdentity } from "@claude-orchestrator/domain";
import { ownIdentity } from "@claude-orchestrator/host";
import type { ControlPlace } from "@claude-orchestrator/host";
import { writeWhole } from "../io/writeWhole.ts";
import { programVersion } from "../program/version.ts";

/** Who supervises a run, as its folder says while it does. Believed only beside the run's lock or a living process. */
export interface SupervisorRecord {
  readonly identity: ProcessIdentity;
  readonly version: string;
  /** ms since 1970. */
  readonly startedAt: number;
  /** Absent where no socket could be made: then it can only be asked by signals. */
  readonly control?: ControlPlace;
}

const fileName = "supervisor.json";

/** This program, as a supervisor. */
export function ownRecord(): SupervisorRecord {
  // When it began, and not when it was asked: both writings of it say the same.
  return { identity: ownIdentity(), version: programVersion(), startedAt: Math.round(performance.timeOrigin) };
}

/** Readable to its owner only: the token in it is what lets somebody ask. */
export async function writeSupervisorRecord(directory: string, record: SupervisorRecord): Promise<void> {
  const { identity, version, startedAt, control } = record;
  const fields = { identity, version, startedAt, socket: control?.address ?? null, token: control?.token ?? null };
  await writeWhole(join(directory, fileName), `${JSON.stringify(fields, undefined, 2)}\n`);
}

export function removeSupervisorRecord(directory: string): void {
  rmSync(join(directory, fileName), { force: true });
}

/** Undefined where there is none, or none that can be understood. */
export function readSupervisorRecord(directory: string): SupervisorRecord | undefined {
  try {
    const value = JSON.parse(readFileSync(join(directory, fileName), "utf8")) as JsonValue;
    return isJsonObject(value) ? recordOf(value) : undefined;
  } catch {
    // Not there, half gone or not ours to read: in each case nobody is named.
    return undefined;
  }
}

function recordOf(value: Readonly<Record<string, JsonValue>>): SupervisorRecord | undefined {
  const { identity, version, startedAt, socket, token } = value;
  if (!isIdentity(identity) || typeof version !== "string" || typeof startedAt !== "number") return undefined;
  const isAsked = typeof socket === "string" && typeof token === "string";
  return { identity, version, startedAt, ...(isAsked ? { control: { address: socket, token } } : {}) };
}

function isIdentity(value: JsonValue | undefined): value is JsonValue & ProcessIdentity {
  if (value === undefined || !isJsonObject(value)) return false;
  const { pid, startTime, bootId } = value;
  return Number.isInteger(pid) && Number(pid) > 0 && typeof startTime === "string" && typeof bootId === "string";
}
