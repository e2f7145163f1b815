import { UserError } from "@claude-orchestrator/domain";
import { createGit, findRepository, inspectWorktree, isWorktreeRecord, listRecords } from "@claude-orchestrator/host";
import type { Git, RecordedFolder, WorktreeReport } from "@claude-orchestrator/host";
import type { Io } from "../io/channel.ts";
import { whyRunNeedsIt } from "./standing.ts";

export interface SeenFolder {
  readonly folder: RecordedFolder;
  readonly report: WorktreeReport;
}

/** The folders of instances of the repository we are in, or of all; each looked at anew. @throws UserError workspace-not-usable */
export async function seenFolders(
  wish: { readonly all: boolean; readonly ignored: boolean },
  io: Io,
): Promise<{ readonly git: Git; readonly seen: readonly SeenFolder[] }> {
  const git = createGit(io.env);
  const here = wish.all ? undefined : await findRepository(git, io.cwd);
  const folders = listRecords(io.env, refuseUnreadable).filter(({ record }) => {
    if (wish.all) return true;
    return record.kind === "worktree"
      ? record.repository?.commonDir === here?.commonDir
      : isHere(record.source, io.cwd);
  });
  const seen: SeenFolder[] = [];
  for (const folder of folders) seen.push({ folder, report: await look(git, folder, wish) });
  return { git, seen };
}

function refuseUnreadable(folder: string, cause: unknown): never {
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new UserError("workspace-not-usable", `Worktrees are kept in ${folder}, which cannot be read: ${why}`, {
    hint: "see that it is a folder of yours that you may read",
    cause,
  });
}

function isHere(source: string | undefined, cwd: string): boolean {
  return source !== undefined && (cwd === source || cwd.startsWith(`${source}/`));
}

async function look(git: Git, folder: RecordedFolder, wish: { readonly ignored: boolean }): Promise<WorktreeReport> {
  const needed = whyRunNeedsIt(folder.record.directory);
  if (!isWorktreeRecord(folder)) {
    return { facts: undefined, bytes: 0, reasons: ["it is a copy: nobody can prove that nothing in it is wanted"] };
  }
  const report = await inspectWorktree(git, folder, wish);
  return needed === undefined ? report : { ...report, reasons: [needed, ...report.reasons] };
}
