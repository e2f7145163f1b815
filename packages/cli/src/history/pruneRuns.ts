import { formatBytes, parseBytes, UserError } from "@claude-orchestrator/domain";
import type { Retention, RunId } from "@claude-orchestrator/domain";
import { findRun } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { readDuration } from "../run/overrides.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { line } from "../views/text/line.ts";
import { layTable } from "../views/text/table.ts";
import { clockTime } from "../views/words.ts";
import type { Choice } from "./chooseRuns.ts";
import { chooseRuns } from "./chooseRuns.ts";
import { removeLeftovers, removeRun } from "./removeRun.ts";
import { surveyRuns } from "./surveyRuns.ts";

export interface PruneFlags {
  readonly "older-than": string | undefined;
  readonly keep: number | undefined;
  readonly "max-size": string | undefined;
  readonly "include-unfinished": boolean;
  readonly "dry-run": boolean;
  readonly yes: boolean;
  readonly json: boolean;
  readonly "runs-dir": string | undefined;
}

interface Removal extends Choice {
  /** Why it could not be removed. */
  readonly problem?: string;
}

/** `runs prune`: removes runs of the past, where `--yes` says so; else says which it would. Gives the exit code. */
export async function pruneRuns(words: readonly string[], flags: PruneFlags, io: Io): Promise<number> {
  const folder = oldRunsFolder(io, flags["runs-dir"]);
  const retention = readRetention(flags);
  const named = new Set(words.map((word): RunId => findRun(folder, word).id));
  if (named.size === 0 && Object.keys(retention).length === 0) {
    throw new UserError("usage", "`runs prune` needs to know which runs are too many", {
      hint: "give `--older-than 30d`, `--keep 100`, `--max-size 10GB`, or name the runs",
    });
  }
  const includeUnfinished = flags["include-unfinished"];
  const { removed, kept } = chooseRuns(surveyRuns(folder, io.env), {
    retention,
    now: Date.now(),
    named,
    includeUnfinished,
  });
  const isReal = flags.yes && !flags["dry-run"];
  if (isReal) removeLeftovers(folder, Date.now());
  const removals = removed.map((choice): Removal => (isReal ? remove(choice) : choice));
  if (flags.json) io.out.json(pruneJson(removals, kept, isReal));
  else tell(removals, kept, isReal, io);
  const isAsked = kept.some(({ run }) => named.has(run.id));
  return isAsked || removals.some(({ problem }) => problem !== undefined) ? 1 : 0;
}

/** @throws UserError usage */
function readRetention(flags: PruneFlags): Retention {
  const { "older-than": age, keep, "max-size": size } = flags;
  if (keep !== undefined && (!Number.isInteger(keep) || keep < 0)) {
    throw new UserError("usage", `\`--keep\` needs a whole number of runs, not \`${keep}\``, {
      hint: "such as `--keep 20`",
    });
  }
  return {
    ...(age === undefined ? {} : { ageMs: readDuration("older-than", age) }),
    ...(keep === undefined ? {} : { count: keep }),
    ...(size === undefined ? {} : { bytes: readBytes(size) }),
  };
}

function readBytes(text: string): number {
  const bytes = parseBytes(text);
  if (bytes !== undefined) return bytes;
  throw new UserError("usage", `\`--max-size\` needs an amount of disk, not \`${text}\``, {
    hint: "such as 500MB, 10GB or 1.5GiB",
  });
}

function remove(choice: Choice): Removal {
  const problem = removeRun(choice.run.directory);
  return problem === undefined ? choice : { ...choice, problem };
}

function freedBytes(removals: readonly Removal[]): number {
  return removals.reduce((sum, { run, problem }) => (problem === undefined ? sum + run.bytes : sum), 0);
}

function tell(removals: readonly Removal[], kept: readonly Choice[], isReal: boolean, io: Io): void {
  const columns = [
    { title: "run", rank: 6 },
    { title: "ended", rank: 3 },
    { title: "size", rank: 4, align: "right" as const },
    { title: "why", rank: 5, shrinkTo: 12 },
  ];
  const rows = removals.map(({ run, why, problem }) => [
    { text: run.id, tone: "strong" as const },
    { text: clockTime(run.at), tone: "quiet" as const },
    { text: formatBytes(run.bytes) },
    problem === undefined ? { text: why } : { text: `not removed: ${problem}`, tone: "bad" as const },
  ]);
  if (rows.length > 0) io.out.lines(layTable(columns, rows, { width: io.out.columns }));
  for (const { run, why } of kept) io.talk.lines([line(`kept ${run.id}: ${why}`, "quiet")]);
  io.talk.lines([line(summary(removals, isReal))]);
}

function summary(removals: readonly Removal[], isReal: boolean): string {
  const done = removals.filter(({ problem }) => problem === undefined);
  if (removals.length === 0) return "Nothing to remove";
  const runs = `${done.length} ${done.length === 1 ? "run" : "runs"}`;
  const size = formatBytes(freedBytes(removals));
  return isReal ? `Removed ${runs}, freed ${size}` : `Would remove ${runs} and free ${size}: add \`--yes\` to do it`;
}

function pruneJson(removals: readonly Removal[], kept: readonly Choice[], isReal: boolean): object {
  return {
    dry_run: !isReal,
    runs: removals.map(({ run, why, problem }) => ({
      run: run.id,
      bytes: run.bytes,
      why,
      removed: isReal && problem === undefined,
      problem: problem ?? null,
    })),
    kept: kept.map(({ run, why }) => ({ run: run.id, bytes: run.bytes, why })),
    freed_bytes: isReal ? freedBytes(removals) : 0,
  };
}
