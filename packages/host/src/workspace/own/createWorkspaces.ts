import type { Isolation } from "@claude-orchestrator/domain";
import type { Clock, ProcessHost, WorkspaceOrder, Workspaces } from "@claude-orchestrator/engine/ports";
import { runCommandCheck } from "../../checks/commandCheck.ts";
import { shellWords } from "../../checks/shellWords.ts";
import { realPathInside } from "../../insideFolder.ts";
import type { Git, GitPlace, KnownRepository } from "../git/git.ts";
import { knownWorktree } from "../git/repository.ts";
import type { AssignedFolders } from "./assignFolders.ts";
import { makeCopy, placeOfCopy } from "./makeCopy.ts";
import { makeWorktree } from "./makeWorktree.ts";
import { measureChanges } from "./measureChanges.ts";
import { readRecord, writeRecord, type FolderRecord, type OwnFolder } from "./ownFolder.ts";

export interface WorkspacesOptions {
  readonly assigned: AssignedFolders;
  readonly git: Git;
  readonly host: ProcessHost;
  readonly clock: Clock;
}

/** A set-up command is given up after this. */
const setupTimeoutMs = 10 * 60_000;

/** Folders of instances on this machine. */
export function createWorkspaces(options: WorkspacesOptions): Workspaces {
  const { assigned, git } = options;
  return {
    cwdOf: (instance) => assigned.cwds.get(instance),
    prepare: async (order) => {
      const folder = assigned.folders.get(order.instance);
      if (folder === undefined) return { problem: `nobody has decided where \`${order.instance}\` works` };
      try {
        return await prepare(folder, order, options);
      } catch (error) {
        return { problem: `its own folder could not be made: ${messageOf(error)}` };
      }
    },
    record: async ({ instance, diffFile }) => {
      const folder = assigned.folders.get(instance);
      const base = folder === undefined ? undefined : readRecord(folder.recordFile)?.base;
      const place = folder === undefined ? undefined : placeOf(folder);
      if (place === undefined || base === undefined) return undefined;
      try {
        return await measureChanges(git, place, base, diffFile);
      } catch {
        // The disk is full, or the folder went away: the work, if there is any, is where it was.
        return undefined;
      }
    },
  };
}

/** Undefined where it is not there. */
export function placeOf(folder: OwnFolder): (GitPlace & { readonly known: KnownRepository }) | undefined {
  if (folder.kind === "copy") return placeOfCopy(folder.path);
  const known = knownWorktree(folder.repository.commonDir, folder.path);
  return known === undefined ? undefined : { folder: folder.path, known };
}

async function prepare(folder: OwnFolder, order: WorkspaceOrder, options: WorkspacesOptions) {
  const { git, assigned } = options;
  const made = folder.kind === "copy" ? await makeCopy(git, folder) : await makeWorktree(git, folder);
  if ("problem" in made) return made;
  const { kind, path } = folder;
  const cwd = assigned.cwds.get(order.instance) ?? path;
  if (realPathInside(path, cwd) === undefined) {
    return {
      problem: `\`${cwd.slice(path.length + 1)}\` (cwd) is not in ${folder.kind === "copy" ? "the copy" : folder.base}`,
    };
  }
  const problem = made.record.stage === "ready" ? undefined : await setUp(folder, made, { cwd, order, options });
  if (problem !== undefined) return { problem };
  const branch = folder.kind === "copy" ? {} : { branch: folder.branch };
  return { kind, path, ...branch, base: made.record.base };
}

interface SettingUp {
  readonly cwd: string;
  readonly order: WorkspaceOrder;
  readonly options: WorkspacesOptions;
}

/** Runs the set-up command, contained like the attempt it belongs to, and remembers what it left that git ignores. */
async function setUp(
  folder: OwnFolder,
  { record, place }: { readonly record: FolderRecord; readonly place: GitPlace },
  { cwd, order, options }: SettingUp,
): Promise<string | undefined> {
  const setup = folder.kind === "worktree" ? folder.isolation.setup : undefined;
  if (setup !== undefined) {
    const { env, marker, cancelled } = order;
    const context = { cwd, env, marker, cancelled, timeoutMs: setupTimeoutMs };
    const finding = await runCommandCheck(options, wordsOf(setup), context);
    if (!finding.ok) return `its set-up (worktree.setup) failed: ${finding.detail}`;
  }
  const ignored = await ignoredEntries(options.git, place);
  writeRecord(folder.recordFile, { ...record, stage: "ready", ignored });
  return undefined;
}

function wordsOf(setup: NonNullable<Extract<Isolation, { kind: "worktree" }>["setup"]>): readonly string[] {
  return setup.kind === "command" ? setup.argv : shellWords(setup.script);
}

/** What is there that git ignores; a folder all of which is ignored is one entry. */
export async function ignoredEntries(git: Git, place: GitPlace): Promise<readonly string[]> {
  const words = ["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"];
  const { stdout } = await git(place, words);
  return stdout.split("\0").filter((name) => name !== "");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
