/**
 * A process that an earlier supervisor started and left.
 *
 *     alive, surely the attempt's, its output whole ──▶ supervised like one of ours; its exit is seen, its code is not
 *     alive, surely the attempt's, its output lost  ──▶ asked to end at once, then the same
 *     gone, or not surely the attempt's             ──▶ left alone; what carries its marker is ended
 *
 * Nothing is adopted or ended on one piece of evidence: beside its identity (number, start time, boot) the process must have
 * the marker in its environment or write to the very files of the attempt; beside the marker or the session of a root that is
 * gone, a process must be younger than that root (or the attempt's files) and, for the session, write to those files.
 */
import { statSync } from "node:fs";
import type { ExitFacts, ProcessIdentity } from "@claude-orchestrator/domain";
import type { Clock, LeftProcess, OutputSink, RunningProcess, StopStep } from "@claude-orchestrator/engine/ports";
import { fileKey, type Evidence, type Platform } from "../platform/platform.ts";
import { rowKey, type Family } from "./family.ts";
import { createSinkReader } from "./sinkReader.ts";
import { openLeftTail, type OutputTail } from "./outputTail.ts";
import { supervise, type Machinery } from "./supervise.ts";

/** For one whose output nobody can read any more. */
const endLadder: readonly StopStep[] = [{ signal: "SIGTERM", to: "process", waitMs: 1000 }];
/** A wall clock set back meanwhile by less than this hides nobody who is younger than the attempt's files. */
const clockSlackMs = 3_600_000;

interface Spool {
  readonly tails: readonly OutputTail[];
  /** By `fileKey`; undefined where there is no such file. */
  readonly stdout: string | undefined;
  readonly stderr: string | undefined;
}

/** @see ProcessHost.adopt */
export async function adoptProcess(machinery: Machinery, left: LeftProcess, sink: OutputSink): Promise<RunningProcess> {
  const { platform, pump } = machinery;
  const spool = openSpool(left, sink);
  const alive = aliveAndOurs(platform, left, spool);
  const family = alive === undefined ? await familyOfEnded(platform, left, spool) : familyOf(left, alive.identity);
  await pump.drain(spool.tails);
  const running = supervise(machinery, {
    identity: left.identity,
    family,
    tails: spool.tails,
    privateDirectory: left.privateDirectory,
    exit: alive === undefined ? Promise.resolve({ lost: true }) : goneUnseen(machinery, alive.identity),
    signal: (signal, to) => void (alive !== undefined && platform.signal(alive.identity, signal, to)),
  });
  // A supervisor that was killed while it ended what is left may have stopped it, and nobody else would let it go on.
  if (alive !== undefined) platform.signal(alive.identity, "SIGCONT", "process");
  if (alive?.isReadable === false) running.stop(endLadder);
  return alive === undefined ? { ...running, wasGone: true } : running;
}

/** Undefined where it is gone, or nothing but its number and start time says that it is the attempt's. */
function aliveAndOurs(
  platform: Platform,
  { identity, marker }: LeftProcess,
  spool: Spool,
): { readonly identity: ProcessIdentity; readonly isReadable: boolean } | undefined {
  if (identity === undefined || !platform.isAlive(identity)) return undefined;
  const evidence = platform.examine(identity.pid, marker.name);
  if (evidence.marker !== `${marker.name}=${marker.value}` && !writesTo(spool, evidence)) return undefined;
  const isReadable = spool.tails.length === 2 && evidence.stdout === spool.stdout && evidence.stderr === spool.stderr;
  return { identity, isReadable };
}

function writesTo({ stdout, stderr }: Spool, evidence: Evidence): boolean {
  const files = [stdout, stderr].filter((file) => file !== undefined);
  return files.some((file) => file === evidence.stdout || file === evidence.stderr);
}

function familyOf({ marker }: LeftProcess, root: ProcessIdentity): Family {
  return { root, rootWatched: true, marker: `${marker.name}=${marker.value}`, known: new Set() };
}

/** Its marker speaks; its number does so only with the evidence of the files its session's members write to. */
async function familyOfEnded(platform: Platform, left: LeftProcess, spool: Spool): Promise<Family> {
  const root = left.identity ?? { pid: 0, startTime: earliestStart(platform, left), bootId: platform.bootId };
  // No process of before the boot is left.
  if (root.bootId !== platform.bootId)
    return { ...familyOf(left, { ...root, pid: 0, startTime: "Infinity" }), rootWatched: false };
  const family: Family = { ...familyOf(left, root), rootWatched: false };
  if (root.pid === 0) return family;
  const { rows } = await platform.list({ markerNames: [left.marker.name], notBefore: Number(root.startTime) });
  for (const row of rows) {
    if (row.zombie || row.pid === root.pid || (row.session !== root.pid && row.group !== root.pid)) continue;
    if (writesTo(spool, platform.examine(row.pid, left.marker.name))) family.known.add(rowKey(row));
  }
  return family;
}

function earliestStart(platform: Platform, { spool, privateDirectory }: LeftProcess): string {
  for (const path of [privateDirectory, spool.stdout, spool.stderr]) {
    const made = statSync(path, { throwIfNoEntry: false })?.birthtimeMs ?? 0;
    if (made > 0) return String(platform.startTimeAt(made - clockSlackMs));
  }
  return "0";
}

/** Whatever of the spool can still be opened; a file that is missing is not made. */
function openSpool({ spool, maxLineBytes }: LeftProcess, sink: OutputSink): Spool {
  const stdout = openLeftTail(spool.stdout, maxLineBytes, createSinkReader(sink, "stdout"));
  const stderr = openLeftTail(spool.stderr, maxLineBytes, createSinkReader(sink, "stderr"));
  return {
    tails: [stdout, stderr].filter((tail) => tail !== undefined),
    stdout: stdout === undefined ? undefined : keyOf(spool.stdout),
    stderr: stderr === undefined ? undefined : keyOf(spool.stderr),
  };
}

function keyOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : fileKey(stats);
}

/** It is no child of ours, so nobody tells us of its end: it is looked for. */
function goneUnseen(
  { clock, platform }: { readonly clock: Clock; readonly platform: Platform },
  identity: ProcessIdentity,
): Promise<Omit<ExitFacts, "swept">> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (platform.isAlive(identity)) clock.after(platform.watchMs, look);
      else resolve({ lost: true });
    };
    look();
  });
}
