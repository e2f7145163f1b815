import { formatBytes } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { line } from "../views/text/line.ts";
import type { Line } from "../views/text/line.ts";
import { layTellingTable } from "../views/text/table.ts";
import { seenFolders } from "./worktreesHere.ts";
import type { SeenFolder } from "./worktreesHere.ts";

export interface WorktreesFlags {
  readonly all: boolean;
  readonly json: boolean;
}

const columns = [
  { title: "run", rank: 4 },
  { title: "instance", rank: 6, shrinkTo: 8 },
  { title: "size", rank: 2, align: "right" as const },
  { title: "holds", rank: 3, shrinkTo: 10 },
  { title: "", rank: 5, shrinkTo: 20 },
  { title: "path", rank: 1, shrinkTo: 20 },
];

/** `worktrees list`: every folder made for an instance, what it holds, and whether it can go. */
export async function listWorktrees(flags: WorktreesFlags, io: Io): Promise<number> {
  const { seen } = await seenFolders({ all: flags.all, ignored: false }, io);
  if (flags.json) io.out.json(seen.map(seenJson));
  else if (seen.length === 0)
    io.talk.lines([line(`There are no worktrees of instances${flags.all ? "" : " of this repository"}`)]);
  else io.out.lines(layTellingTable(columns, seen.map(seenRow), { width: io.out.columns }));
  return 0;
}

function seenRow(seen: SeenFolder): Line {
  const { folder, report } = seen;
  const isSafe = report.reasons.length === 0;
  return [
    { text: folder.record.run, tone: "quiet" },
    { text: folder.record.instance, tone: "strong" },
    { text: report.bytes === 0 ? "" : formatBytes(report.bytes), tone: "quiet" },
    { text: holds(seen) },
    { text: isSafe ? "can go" : `stays: ${report.reasons.join("; ")}`, tone: isSafe ? "good" : "warn" },
    { text: folder.path, tone: "quiet" },
  ];
}

/** A folder is merged only where it has commits of its own; what is not committed is merged nowhere. */
function holds({ folder, report: { facts } }: SeenFolder): string {
  if (facts === undefined) return "";
  const hasCommits = [facts.head, facts.tip].some((each) => each !== undefined && each !== folder.record.base);
  const words = [
    facts.changed + facts.untracked > 0 ? "uncommitted" : "",
    facts.unmerged > 0 ? "unmerged" : "",
    facts.unmerged === 0 && hasCommits ? "merged" : "",
    (facts.unpushed ?? 0) > 0 ? "unpushed" : "",
  ];
  return words.filter((word) => word !== "").join(", ");
}

function seenJson({ folder, report }: SeenFolder): Readonly<Record<string, unknown>> {
  const { facts } = report;
  return {
    run: folder.record.run,
    instance: folder.record.instance,
    kind: folder.record.kind,
    path: folder.path,
    branch: folder.record.branch ?? null,
    base: folder.record.base,
    bytes: report.bytes,
    changed: facts?.changed ?? null,
    untracked: facts?.untracked ?? null,
    ignored: facts?.ignored ?? null,
    unmerged_commits: facts?.unmerged ?? null,
    unpushed_commits: facts?.unpushed ?? null,
    safe_to_remove: report.reasons.length === 0,
    reasons: report.reasons,
  };
}
