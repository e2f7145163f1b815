import { formatBytes } from "@claude-orchestrator/domain";
import { isWorktreeRecord, removeWorktree } from "@claude-orchestrator/host";
import type { Git } from "@claude-orchestrator/host";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { line } from "../views/text/line.ts";
import type { Line } from "../views/text/line.ts";
import { counted } from "../views/words.ts";
import { whyRunNeedsIt } from "./standing.ts";
import { seenFolders } from "./worktreesHere.ts";
import type { SeenFolder } from "./worktreesHere.ts";

export interface CleanFlags {
  readonly all: boolean;
  readonly yes: boolean;
  readonly "dry-run": boolean;
  readonly ignored: boolean;
}

/** `worktrees clean`: removes what is proved to be safe, after it was said what; all else stays, and it is said why. */
export async function cleanWorktrees(flags: CleanFlags, io: Io): Promise<number> {
  const { git, seen } = await seenFolders(flags, io);
  const safe = seen.filter(({ report }) => report.reasons.length === 0);
  const kept = seen.filter(({ report }) => report.reasons.length > 0);
  const bytes = safe.reduce((sum, { report }) => sum + report.bytes, 0);
  if (!flags.yes || flags["dry-run"]) {
    io.out.lines([
      ...safe.map((each) => line(`would remove ${nameOf(each)}  ${each.folder.path}`)),
      ...keptLines(kept),
    ]);
    const end = `${counted(safe.length, "worktree")} can go (${formatBytes(bytes)})`;
    const next =
      safe.length === 0 ? "" : `; \`${programName} worktrees clean --yes${flags.all ? " --all" : ""}\` removes them`;
    io.talk.lines([line(`${end}${next}`, "quiet")]);
    return 0;
  }
  for (const each of safe) io.out.lines([await removeOne(git, each, flags)]);
  io.out.lines(keptLines(kept));
  return 0;
}

async function removeOne(git: Git, seen: SeenFolder, wish: { readonly ignored: boolean }): Promise<Line> {
  const { folder } = seen;
  // Asked again at the last moment: the run may have been taken up meanwhile.
  const needed = whyRunNeedsIt(folder.record.directory);
  const why = needed ?? (isWorktreeRecord(folder) ? await removeWorktree(git, folder, wish) : "it is a copy");
  return why === undefined ? line(`removed ${nameOf(seen)}`, "good") : line(`kept ${nameOf(seen)}: ${why}`, "warn");
}

function keptLines(kept: readonly SeenFolder[]): readonly Line[] {
  return kept.map((each) => line(`stays ${nameOf(each)}: ${each.report.reasons.join("; ")}`, "quiet"));
}

function nameOf({ folder }: SeenFolder): string {
  return `${folder.record.run} ${folder.record.instance}`;
}
