import { UserError, formatBytes, formatDuration } from "@claude-orchestrator/domain";
import { listRuns } from "@claude-orchestrator/store";
import type { DamagedRun, RunSummary } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { standingOfListed } from "../supervise/standing.ts";
import { glyphsFor } from "../views/text/glyphs.ts";
import type { Glyphs } from "../views/text/glyphs.ts";
import { line } from "../views/text/line.ts";
import type { Line, Span } from "../views/text/line.ts";
import { layTable } from "../views/text/table.ts";
import { clockTime } from "../views/words.ts";
import { folderSize } from "./folderSize.ts";

const defaultLimit = 20;

export interface ListFlags {
  readonly json: boolean;
  readonly limit: number | undefined;
  readonly "runs-dir": string | undefined;
}

/** `runs list`: the newest first. */
export function listRunsOf(flags: ListFlags, io: Io): Promise<number> {
  const folder = oldRunsFolder(io, flags["runs-dir"]);
  const found = listRuns(folder, readLimit(flags.limit));
  if (flags.json) io.out.json(found.map(runJson));
  else if (found.length === 0) {
    io.talk.lines([
      line(`There are no runs in ${folder} yet`),
      line(`Start one with \`${programName} run FILE\``, "quiet"),
    ]);
  } else {
    const glyphs = glyphsFor(io.env);
    const columns = [
      { title: "run", rank: 6 },
      { title: "name", rank: 4, shrinkTo: 8 },
      { title: "when", rank: 3 },
      { title: "outcome", rank: 5, shrinkTo: 9 },
      { title: "time", rank: 2, align: "right" as const },
      { title: "size", rank: 2, align: "right" as const },
      { title: "instances", rank: 1, shrinkTo: 10 },
    ];
    io.out.lines(
      layTable(
        columns,
        found.map((run) => runRow(run, glyphs)),
        { width: io.out.columns },
      ),
    );
  }
  return Promise.resolve(0);
}

/** Of none nothing could be said, and surely not that there are none. @throws UserError usage */
function readLimit(limit = defaultLimit): number {
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw new UserError("usage", `\`--limit\` needs a whole number of 1 or more, not \`${limit}\``, {
    hint: `without it, the newest ${defaultLimit} runs are listed`,
  });
}

function runRow(run: RunSummary | DamagedRun, glyphs: Glyphs): Line {
  if ("damaged" in run)
    return [
      { text: run.id, tone: "strong" },
      { text: "" },
      { text: "" },
      { text: `damaged: ${run.damaged}`, tone: "bad" },
      { text: "" },
      { text: formatBytes(folderSize(run.directory)) },
    ];
  const verdicts = Object.entries(run.verdicts).map(([verdict, count]) => `${count} ${verdict.replaceAll("_", " ")}`);
  const settled = Object.values(run.verdicts).reduce((sum, count) => sum + count, 0);
  const open = run.instances - settled;
  return [
    { text: run.id, tone: "strong" },
    { text: run.name },
    { text: clockTime(run.createdAt), tone: "quiet" },
    outcomeCell(run, glyphs),
    { text: run.settled === undefined ? "" : formatDuration(run.settled.durationMs) },
    { text: formatBytes(folderSize(run.directory)) },
    { text: [...verdicts, ...(open > 0 ? [`${open} open`] : [])].join(", "), tone: "quiet" },
  ];
}

function outcomeCell(run: RunSummary, glyphs: Glyphs): Span {
  const { settled } = run;
  const standing = standingOfListed(run);
  if (standing.is === "running") return { text: `${glyphs.running} running`, tone: "accent" };
  if (standing.is === "interrupted" || settled === undefined) return { text: `${glyphs.bad} interrupted`, tone: "bad" };
  const good = settled.outcome === "succeeded";
  return {
    text: `${good ? glyphs.good : glyphs.bad} ${settled.outcome.replaceAll("_", " ")}`,
    tone: good ? "good" : "bad",
  };
}

function runJson(run: RunSummary | DamagedRun): Readonly<Record<string, unknown>> {
  const bytes = folderSize(run.directory);
  if ("damaged" in run) return { run: run.id, directory: run.directory, damaged: run.damaged, bytes };
  const standing = standingOfListed(run);
  const settled = standing.is === "settled" ? run.settled : undefined;
  return {
    run: run.id,
    name: run.name,
    directory: run.directory,
    created_at: new Date(run.createdAt).toISOString(),
    instances: run.instances,
    verdicts: run.verdicts,
    status: settled?.outcome ?? standing.is,
    exit_code: settled?.exitCode ?? null,
    duration_ms: settled?.durationMs ?? null,
    ended_at: settled === undefined ? null : new Date(settled.at).toISOString(),
    bytes,
  };
}
