import { countInstances, formatDuration, totalSpending, totalTokens, waitReason } from "@claude-orchestrator/domain";
import type { InstanceState, RunState } from "@claude-orchestrator/domain";
import { listRuns } from "@claude-orchestrator/store";
import type { DamagedRun } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import { glyphsFor } from "../views/text/glyphs.ts";
import type { Glyphs } from "../views/text/glyphs.ts";
import { line, span } from "../views/text/line.ts";
import type { Line } from "../views/text/line.ts";
import { layTable } from "../views/text/table.ts";
import { waitLines } from "../views/waitLines.ts";
import { costText, tokensText } from "../views/words.ts";
import { readHistory } from "./history.ts";
import { interruptedHint, livingSupervisor, standingOfListed, supervisorWords } from "./standing.ts";
import type { Standing } from "./standing.ts";
import type { SupervisorRecord } from "./supervisorRecord.ts";

export interface ListRunningFlags {
  readonly json: boolean;
  readonly "runs-dir": string | undefined;
}

interface OpenRun {
  readonly state: RunState;
  readonly standing: Exclude<Standing, { readonly is: "settled" }>;
}

/** `ps`: the runs that have not settled, those that work and those that were interrupted; the newest first. */
export function listRunning(flags: ListRunningFlags, io: Io): Promise<number> {
  const folder = oldRunsFolder(io, flags["runs-dir"]);
  const listed = listRuns(folder);
  const open = openRuns(listed);
  const unread = unreadOnes(listed);
  for (const run of unread) tellUnreadable(run, io);
  const now = Date.now();
  const glyphs = glyphsFor(io.env);
  if (flags.json) io.out.json([...unread.map(unreadJson), ...open.map((run) => runJson(run, now))]);
  else if (open.length === 0 && unread.length > 0) return Promise.resolve(0);
  else if (open.length === 0) io.talk.lines([line(`No run in ${folder} is at work`)]);
  else {
    const rows = open.map((run) => runRow(run, now, glyphs));
    io.out.lines(layTable(columns, rows, { width: io.out.columns }));
    io.talk.lines(open.flatMap((run) => heldLines(run, io.talk.columns)));
    const interrupted = open.find(({ standing }) => standing.is === "interrupted");
    if (interrupted !== undefined) io.talk.lines([line(interruptedHint(interrupted.state.id), "quiet")]);
  }
  return Promise.resolve(0);
}

const columns = [
  { title: "run", rank: 7 },
  { title: "name", rank: 4, shrinkTo: 8 },
  { title: "status", rank: 6 },
  { title: "age", rank: 3, align: "right" as const },
  { title: "instances", rank: 5, shrinkTo: 10 },
  { title: "tokens", rank: 1, align: "right" as const },
  { title: "cost", rank: 2, align: "right" as const },
  { title: "pid", rank: 0, align: "right" as const },
];

function openRuns(listed: ReturnType<typeof listRuns>): readonly OpenRun[] {
  return listed.flatMap((run): readonly OpenRun[] => {
    if ("damaged" in run) return [];
    const standing = standingOfListed(run);
    const state = standing.is === "settled" ? undefined : readHistory(run);
    return standing.is === "settled" || state === undefined ? [] : [{ state, standing }];
  });
}

/** Works, and its log tells nothing: all that is known is who supervises it. */
interface UnreadRun extends DamagedRun {
  readonly supervisor: SupervisorRecord;
}

function unreadOnes(listed: ReturnType<typeof listRuns>): readonly UnreadRun[] {
  return listed.flatMap((run): readonly UnreadRun[] => {
    const supervisor = "damaged" in run ? livingSupervisor(run.directory) : undefined;
    return "damaged" in run && supervisor !== undefined ? [{ ...run, supervisor }] : [];
  });
}

/** What works and cannot be listed is not passed over in silence. */
function tellUnreadable({ id, damaged, supervisor }: UnreadRun, io: Io): void {
  const note = `${id} is at work${supervisorWords(supervisor)}, but cannot be read: ${cleanLine(damaged)}`;
  io.talk.write(`${io.talk.paint("warn", "note:")} ${note}; \`${programName} stop ${id}\` ends it\n`);
}

function unreadJson({ id, directory, damaged, supervisor }: UnreadRun): Readonly<Record<string, unknown>> {
  return {
    run: id,
    name: null,
    directory,
    status: "unreadable",
    problem: damaged,
    pid: supervisor.identity.pid,
    supervised_since: isoDate(supervisor.startedAt),
  };
}

function runRow({ state, standing }: OpenRun, now: number, glyphs: Glyphs): Line {
  const spent = totalSpending(state);
  const { running, interrupted, waiting, done } = countsOf(state, standing);
  const held = [...state.instances.values()].filter(isHeldAtWork).length;
  const inWork = held === 0 ? `${running} running` : `${running} running (${held} of them held)`;
  const atWork = standing.is === "interrupted" ? `${interrupted} interrupted` : inWork;
  const status = statusOf(state, standing);
  return [
    { text: state.id, tone: "strong" },
    { text: state.plan.name },
    { text: status, tone: status === "interrupted" ? "bad" : status === "running" ? "accent" : "warn" },
    { text: formatDuration(now - state.createdAt), tone: "quiet" },
    { text: `${atWork}, ${waiting} waiting, ${done} done` },
    { text: tokensText(spent, glyphs) },
    { text: costText(spent, glyphs) },
    { text: String(pidOf(standing) ?? "-"), tone: "quiet" },
  ];
}

/** Why what waits of it does, under its id. */
function heldLines({ state, standing }: OpenRun, width: number): readonly Line[] {
  const held = standing.is === "interrupted" ? [] : waitLines(state, width - 2);
  return held.length === 0 ? [] : [line(`${state.id}:`), ...held.map((each): Line => [span("  "), ...each])];
}

function runJson({ state, standing }: OpenRun, now: number): Readonly<Record<string, unknown>> {
  const spent = totalSpending(state);
  return {
    run: state.id,
    name: state.plan.name,
    directory: state.directory,
    status: statusOf(state, standing),
    age_ms: now - state.createdAt,
    instances: countsOf(state, standing),
    tokens: totalTokens(spent.usage),
    cost_usd: spent.costUsd ?? null,
    totals_are_final: spent.final,
    pid: pidOf(standing) ?? null,
    supervised_since: standing.is === "running" ? isoDate(standing.supervisor?.startedAt) : null,
  };
}

function isoDate(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

/** "interrupted" for one without a supervisor; else what the run itself says. */
function statusOf({ phase, paused }: RunState, standing: OpenRun["standing"]): string {
  if (standing.is === "interrupted") return "interrupted";
  if (phase.status === "stopping") return "stopping";
  return paused === undefined ? (phase.status === "scheduled" ? "scheduled" : "running") : "paused";
}

interface Counts {
  readonly running: number;
  /** Those that were at work when their run was cut off. */
  readonly interrupted: number;
  readonly waiting: number;
  readonly done: number;
}

function countsOf(state: RunState, standing: OpenRun["standing"]): Counts {
  const { running: atWork, waiting, settled } = countInstances(state);
  const [running, interrupted] = standing.is === "interrupted" ? [0, atWork] : [atWork, 0];
  return { running, interrupted, waiting, done: Object.values(settled).reduce((sum, count) => sum + count, 0) };
}

function isHeldAtWork(instance: InstanceState): boolean {
  return instance.phase.status === "running" && waitReason(instance) !== undefined;
}

function pidOf(standing: OpenRun["standing"]): number | undefined {
  return standing.is === "running" ? standing.supervisor?.identity.pid : undefined;
}
