import { parseRunId, UserError } from "@claude-orchestrator/domain";
import type { RunId } from "@claude-orchestrator/domain";

/** Grows when an older program could not read what is new. */
const formatVersion = 1;

export const manifestName = "MANIFEST.json";
export const eventsName = "events.jsonl";
export const resultName = "result.json";

/** What a member may be called: nothing that leads anywhere but into the run's own folder, on any system. */
const memberName = /^(?:events\.jsonl|result\.json|attempts\/[0-9A-Za-z][0-9A-Za-z_-]{0,63}\.(?:stdout|stderr))$/;

const checksum = /^[0-9a-f]{64}$/;

export interface Member {
  /** Relative to the run's folder. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The first member of an archive: what the others are, and what is not as it was. */
export interface Manifest {
  readonly format: number;
  readonly run: RunId;
  /** Of the program that began the log. */
  readonly program_version: string;
  readonly exported_by: string;
  readonly events: number;
  /** What of the log was missing or broken, one sentence each. */
  readonly damage: readonly string[];
  /** How often each mask was put in. */
  readonly masked: Readonly<Record<string, number>>;
  /** Files of the run's folder that are not in the archive though they stand where its own do. */
  readonly left_out: readonly string[];
  readonly members: readonly Member[];
}

/** Whether a file of a run's folder can be a member. */
export function isMemberName(path: string): boolean {
  return memberName.test(path);
}

export function makeManifest(facts: Omit<Manifest, "format">): Manifest {
  return { format: formatVersion, ...facts };
}

/**
 * @param file for the sentences only
 * @throws UserError file-not-readable where it is not one of ours, or a newer program's
 */
export function readManifest(text: string, file: string): Manifest {
  const value = parseJson(text);
  const format = isRecord(value) ? value["format"] : undefined;
  if (typeof format === "number" && format > formatVersion) {
    throw new UserError("file-not-readable", `${file} was exported by a newer program`, {
      hint: "import it with that version or a newer one",
    });
  }
  if (!isManifest(value)) {
    throw new UserError("file-not-readable", `${file} is not an exported run: its list of contents is not ours`);
  }
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  return isRecord(value) && value["format"] === formatVersion && hasFacts(value) && areMembers(value["members"]);
}

function hasFacts(value: Readonly<Record<string, unknown>>): boolean {
  const { run, program_version: program, exported_by: exporter, masked } = value;
  return (
    typeof run === "string" &&
    parseRunId(run) !== undefined &&
    [program, exporter].every((text) => typeof text === "string" && text.length <= 100) &&
    isCount(value["events"]) &&
    [value["damage"], value["left_out"]].every(isTexts) &&
    isRecord(masked) &&
    Object.values(masked).every(isCount)
  );
}

/** Each path once, the events among them. */
function areMembers(value: unknown): boolean {
  if (!Array.isArray(value) || !value.every(isMember)) return false;
  const paths = new Set(value.map(({ path }) => path));
  return paths.size === value.length && paths.has(eventsName);
}

function isMember(value: unknown): value is Member {
  if (!isRecord(value)) return false;
  const { path, bytes, sha256 } = value;
  return (
    typeof path === "string" &&
    isMemberName(path) &&
    isCount(bytes) &&
    typeof sha256 === "string" &&
    checksum.test(sha256)
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
