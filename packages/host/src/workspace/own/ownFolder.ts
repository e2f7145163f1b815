import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Isolation } from "@claude-orchestrator/domain";
import { isObjectId, type Repository } from "../git/repository.ts";

/** A folder that is one instance's own, or one that the steps of a sequence or the instances of a session share. */
export type OwnFolder = OwnWorktree | OwnCopy;

interface OwnPlace {
  readonly run: string;
  /** The instance it is named after. */
  readonly instance: string;
  /** Absolute, outside the workspace. */
  readonly path: string;
  /** What is known of it, kept beside it where the agent does not work. */
  readonly recordFile: string;
  /** The run's. */
  readonly directory: string;
}

export interface OwnWorktree extends OwnPlace {
  readonly kind: "worktree";
  readonly isolation: Extract<Isolation, { readonly kind: "worktree" }>;
  readonly repository: Repository;
  readonly branch: string;
  /** A commit. */
  readonly base: string;
}

export interface OwnCopy extends OwnPlace {
  readonly kind: "copy";
  /** The folder that is copied. */
  readonly source: string;
}

/** How far the making of a folder has come, and what was in it then: on disk, so that a crash leaves no doubt. */
export interface FolderRecord {
  readonly format: 1;
  readonly kind: OwnFolder["kind"];
  readonly run: string;
  readonly instance: string;
  readonly directory: string;
  /** `making`: no agent has been in it yet. `made`: its set-up is still to be run. */
  readonly stage: "making" | "made" | "ready";
  readonly base: string;
  readonly branch?: string;
  readonly repository?: Repository;
  readonly source?: string;
  /** What git ignores and the set-up left there, and the links: no work of an agent. */
  readonly ignored: readonly string[];
}

/** The record of a folder as it is about to be made. */
export function newRecord(folder: OwnFolder): FolderRecord {
  const { kind, run, instance, directory } = folder;
  const common = { format: 1, kind, run, instance, directory, stage: "making", ignored: [] } as const;
  return folder.kind === "copy"
    ? { ...common, base: "", source: folder.source }
    : { ...common, base: folder.base, branch: folder.branch, repository: folder.repository };
}

/** Undefined where there is none, or it is none of ours. */
export function readRecord(file: string): FolderRecord | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all. @throws the error of the file system */
export function writeRecord(file: string, record: FolderRecord): void {
  const draft = `${file}.${process.pid}.tmp`;
  const descriptor = openSync(draft, "w", 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(record, undefined, 2)}\n`);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
}

function isRecord(value: unknown): value is FolderRecord {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Partial<Record<keyof FolderRecord, unknown>>;
  const texts = [record.run, record.instance, record.directory, record.base, record.stage];
  const isWhole =
    record.format === 1 && Array.isArray(record.ignored) && texts.every((each) => typeof each === "string");
  if (!isWhole) return false;
  return record.kind === "copy" || (record.kind === "worktree" && isPlace(record) && isObjectId(String(record.base)));
}

function isPlace({ branch, repository }: { branch?: unknown; repository?: unknown }): boolean {
  if (typeof branch !== "string" || typeof repository !== "object" || repository === null) return false;
  return "root" in repository && "commonDir" in repository;
}

/** Windows takes these for devices, in whatever folder and case. */
const deviceName = /^(?:aux|con|nul|prn|com\d|lpt\d)$/i;

/**
 * A name for a branch and a folder, whatever the instance is called, the same each time. Letters, digits, `_` and `-` only: it is
 * no option, no path and no revision of git's. Names that would otherwise meet, also where case does not count, keep apart.
 */
export function safeName(name: string): string {
  const readable = name
    .replaceAll(/[^A-Za-z0-9_]+/g, "-")
    .slice(0, 40)
    .replaceAll(/^[-_]+|[-_]+$/g, "");
  if (readable === name && name !== "" && !/[A-Z]/.test(name) && !deviceName.test(name)) return name;
  const mark = createHash("sha256").update(JSON.stringify(name)).digest("hex").slice(0, 8);
  return readable === "" ? mark : `${readable}-${mark}`;
}

/** A folder's name for another folder: its last part to be read, and a mark of the whole. */
export function nameForFolder(path: string): string {
  const readable = basename(path) === ".git" ? basename(dirname(path)) : basename(path);
  return `${safeName(readable).slice(0, 40)}-${createHash("sha256").update(path).digest("hex").slice(0, 12)}`;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Where folders of instances are kept: the person's own state, outside any workspace. Undefined where they have no home. */
export function ownFoldersRoot(variables: Variables): string | undefined {
  const { XDG_STATE_HOME: state, HOME: home, LOCALAPPDATA: local } = variables;
  if (state !== undefined && state.startsWith("/")) return `${state}/claude-orchestrator/worktrees`;
  if (process.platform === "win32" && local !== undefined) return `${local}\\claude-orchestrator\\worktrees`;
  return home === undefined || home === "" ? undefined : `${home}/.local/state/claude-orchestrator/worktrees`;
}
