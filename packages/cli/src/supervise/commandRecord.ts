import { createHash } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isJsonObject, UserError } from "@claude-orchestrator/domain";
import type { JsonValue } from "@claude-orchestrator/domain";
import type { FlagSpec } from "../commands/command.ts";
import { recordedFlags } from "../commands/runFlags.ts";
import type { RecordedFlagValues } from "../commands/runFlags.ts";
import { programName } from "../program/version.ts";

/** What was typed to start a run: by it the plan can be read again, with the secrets that no log holds. */
export interface CommandRecord {
  readonly words: readonly string[];
  readonly flags: RecordedFlagValues;
  readonly cwd: string;
  /** Absent for prompts. */
  readonly file?: { readonly path: string; /** Absent for a pipe. */ readonly sha256?: string };
}

const fileName = "command.json";
const recordVersion = 1;

/**
 * Written before the run begins, readable to its owner only: flags may hold what is nobody else's business.
 *
 * @throws UserError log-not-usable
 */
export function writeCommandRecord(directory: string, record: CommandRecord): void {
  const typed: Readonly<Record<string, unknown>> = record.flags;
  const flags = Object.fromEntries(Object.keys(recordedFlags).map((name) => [name, typed[name]]));
  const path = join(directory, fileName);
  const text = JSON.stringify({ version: recordVersion, ...record, flags }, undefined, 2);
  try {
    writeFileSync(path, `${text}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError("log-not-usable", `The run cannot be recorded: ${why}`, { cause: error });
  }
}

/** What a command line comes to be recorded as. @param source the file as given; undefined for prompts */
export function commandRecordOf(
  words: readonly string[],
  flags: RecordedFlagValues,
  cwd: string,
  source: string | undefined,
): CommandRecord {
  if (source === undefined) return { words, flags, cwd };
  const path = resolve(cwd, source);
  const sha256 = digestOf(path);
  return { words, flags, cwd, file: { path, ...(sha256 === undefined ? {} : { sha256 }) } };
}

/** Of a file's bytes, in hexadecimal; undefined where it is no regular file, or cannot be read. */
export function digestOf(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    // Gone or forbidden meanwhile: whoever reads it for its content says so.
    return undefined;
  }
}

/** @throws UserError log-not-usable where there is none, or it is not understood */
export function readCommandRecord(directory: string, id: string): CommandRecord {
  const text = textOf(join(directory, fileName));
  if (text === undefined) {
    throw new UserError("log-not-usable", `${id} does not say how it was started, so it cannot be gone on with`, {
      hint: `an older release made it: start it anew with \`${programName} run\`; \`${programName} stop ${id}\` ends what is left of it`,
    });
  }
  const record = recordOf(parse(text));
  if (record !== undefined) return record;
  throw new UserError("log-not-usable", `${join(directory, fileName)} is not what this program wrote there`, {
    hint: `start the run anew with \`${programName} run\`; \`${programName} stop ${id}\` ends what is left of this one`,
  });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new UserError("log-not-usable", `${path} cannot be read`, { cause: error });
  }
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // Said by the caller, with what to do.
    return undefined;
  }
}

function recordOf(value: JsonValue | undefined): CommandRecord | undefined {
  if (value === undefined || !isJsonObject(value) || value["version"] !== recordVersion) return undefined;
  const { words, flags, cwd, file } = value;
  if (!isTexts(words) || typeof cwd !== "string" || flags === undefined || !isJsonObject(flags)) return undefined;
  const read = Object.entries(recordedFlags).map(([name, spec]) => [name, readFlag(spec, flags[name])] as const);
  if (read.some(([, flag]) => flag === undefined)) return undefined;
  const values = Object.fromEntries(read.map(([name, flag]) => [name, flag?.value])) as RecordedFlagValues;
  return { words, flags: values, cwd, ...fileOf(file) };
}

function fileOf(file: JsonValue | undefined): Pick<CommandRecord, "file"> {
  if (file === undefined || !isJsonObject(file) || typeof file["path"] !== "string") return {};
  const { path, sha256 } = file;
  return { file: { path, ...(typeof sha256 === "string" ? { sha256 } : {}) } };
}

/** Undefined for a value of another kind; one that is absent is as if the flag had not been typed. */
function readFlag(spec: FlagSpec, value: JsonValue | undefined): { readonly value: unknown } | undefined {
  if (spec.type === "switch") return isAbsentOr("boolean", value) ? { value: value === true } : undefined;
  if (spec.type === "list") return value === undefined || isTexts(value) ? { value: value ?? [] } : undefined;
  return isAbsentOr(spec.type === "number" ? "number" : "string", value) ? { value } : undefined;
}

function isAbsentOr(type: "boolean" | "number" | "string", value: JsonValue | undefined): boolean {
  return value === undefined || typeof value === type;
}

function isTexts(value: JsonValue | undefined): value is readonly string[] & JsonValue {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
