import { UserError } from "@claude-orchestrator/domain";
import type { RunId } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import { glyphsFor } from "../views/text/glyphs.ts";
import { line } from "../views/text/line.ts";
import { counted } from "../views/words.ts";
import { collectUses } from "./collectUses.ts";
import type { FoundUse } from "./collectUses.ts";
import { csvText } from "./csv.ts";
import { DearestRequests } from "./dearestRequests.ts";
import { requestLines } from "./requestLines.ts";
import { requestsCsv, requestsDocument, usageCsv, usageDocument } from "./usageDocument.ts";
import type { UsageFrame } from "./usageDocument.ts";
import { usageLines } from "./usageLines.ts";
import { readPeriod } from "./usagePeriod.ts";
import type { UsagePeriod } from "./usagePeriod.ts";
import { groupings, UsageTable } from "./usageTable.ts";
import type { Grouping } from "./usageTable.ts";

export interface UsageFlags {
  readonly by: string | undefined;
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly tz: string | undefined;
  readonly top: number | undefined;
  readonly csv: boolean;
  readonly json: boolean;
  readonly "include-demo": boolean;
  readonly "runs-dir": string | undefined;
}

type FoundRun = Extract<FoundUse, { readonly is: "read" }>;

/** `usage`: what all runs of a folder used, by day, model, command, instance or agent; with `--top`, the dearest requests. */
export function printUsage(flags: UsageFlags, io: Io): Promise<number> {
  refuseClashes(flags);
  const period = readPeriod(flags, Date.now());
  if (flags.top === undefined) printTable(readGrouping(flags.by), period, flags, io);
  else printRequests(readTop(flags.top), period, flags, io);
  return Promise.resolve(0);
}

function printTable(by: Grouping, period: UsagePeriod, flags: UsageFlags, io: Io): void {
  const table = new UsageTable(by, period);
  const frame = readRuns(period, flags, io, ({ use }) => table.add(use));
  const rows = table.rows();
  if (flags.json) io.out.json(usageDocument(by, table, frame));
  else if (flags.csv) io.out.write(csvText(...usageCsv(by, rows)));
  else if (rows.length === 0) io.talk.lines(nothingLines(flags, io));
  else
    io.out.lines(usageLines(by, { rows, total: table.total }, { columns: io.out.columns, glyphs: glyphsFor(io.env) }));
  tellLeftOut(frame, io);
}

function printRequests(most: number, period: UsagePeriod, flags: UsageFlags, io: Io): void {
  const dearest = new DearestRequests(most, period);
  const frame = readRuns(period, flags, io, ({ use, directory }) => dearest.add(use, directory));
  if (flags.json) io.out.json(requestsDocument(dearest, frame));
  else if (flags.csv) io.out.write(csvText(...requestsCsv(dearest.requests)));
  else if (dearest.seen.requests === 0) {
    io.talk.lines([
      line("No request went through the gateway in these runs"),
      line("Only there is each one known by itself: `gateway: on`, or `run --gateway on`", "quiet"),
    ]);
  } else io.out.lines(requestLines(dearest, { columns: io.out.columns, glyphs: glyphsFor(io.env) }));
  tellLeftOut(frame, io);
}

/** Hands over each run that counts, and tells what of the folder does not. What is wrong with one run keeps no other from its place. */
function readRuns(period: UsagePeriod, flags: UsageFlags, io: Io, take: (found: FoundRun) => void): UsageFrame {
  const skipped: { run: RunId; why: string }[] = [];
  let demoRunsLeftOut = 0;
  for (const found of collectUses(oldRunsFolder(io, flags["runs-dir"]), period)) {
    if (found.is === "skipped") {
      skipped.push({ run: found.id, why: found.why });
      continue;
    }
    if (found.use.isDemo && !flags["include-demo"]) {
      demoRunsLeftOut += 1;
      continue;
    }
    for (const what of found.damage) note(io, `the log of ${found.use.id} is damaged, and counted without: ${what}`);
    try {
      take(found);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      skipped.push({ run: found.use.id, why: error.message });
    }
  }
  return { period, demoRunsLeftOut, skipped };
}

function tellLeftOut({ skipped, demoRunsLeftOut }: UsageFrame, io: Io): void {
  for (const { run, why } of skipped) note(io, `${run} is not counted: ${why}`);
  if (demoRunsLeftOut === 0) return;
  const runs = counted(demoRunsLeftOut, "run");
  note(
    io,
    `${runs} with a stand-in for the model ${demoRunsLeftOut === 1 ? "is" : "are"} not counted (\`--include-demo\`)`,
  );
}

function note(io: Io, text: string): void {
  io.talk.write(`${io.talk.paint("warn", "note:")} ${cleanLine(text)}\n`);
}

function nothingLines(flags: UsageFlags, io: Io) {
  if (flags.since !== undefined || flags.until !== undefined) return [line("No attempt of a run ended in that time")];
  return [
    line(`There are no runs in ${oldRunsFolder(io, flags["runs-dir"])} that used anything`),
    line(`Start one with \`${programName} run FILE\``, "quiet"),
  ];
}

function readGrouping(word: string | undefined): Grouping {
  return groupings.find((each) => each === word) ?? "day";
}

function readTop(top: number): number {
  if (Number.isInteger(top) && top >= 1 && top <= mostRequests) return top;
  throw new UserError("usage", `\`--top\` needs a whole number from 1 to ${mostRequests}, not \`${top}\``, {
    hint: "it says how many of the dearest requests are listed",
  });
}

const mostRequests = 10_000;

function refuseClashes({ csv, json, top, by }: UsageFlags): void {
  if (csv && json) throw new UserError("usage", "`--csv` and `--json` do not go together", { hint: "ask twice" });
  if (top !== undefined && by !== undefined) {
    throw new UserError("usage", "`--top` lists requests one by one: `--by` does not go with it", {
      hint: "leave one of them out",
    });
  }
}
