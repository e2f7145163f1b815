import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import type { ProcessIdentity } from "@claude-orchestrator/domain";
import {
  fileKey,
  sendSignal,
  type Evidence,
  type ListingQuery,
  type Platform,
  type ProcessListing,
  type ProcessRow,
} from "./platform.ts";
import { createProcFiles, type ProcFiles, type ProcStat } from "./procFiles.ts";

/** How many of the newest process numbers a hunt begins with (threads have numbers too), and the quiet that ends it. */
const newestLooked = 100;
const stillComing = 30;
const catchRestMs = 4;
/** A process this young (in clock ticks) with an empty environment may just be about to get one. */
const freshTicks = 20;

const containment =
  "each attempt runs in a session and process group of its own; when it ends, every process that carries its marker in the " +
  "environment, is in its session, or descends from either is ended too; out of reach is only a process that cleared its " +
  "environment, left the session and lost its parent before we looked";

/** Processes by /proc: start time in clock ticks since boot, environment of our own user's processes. */
export function createLinuxPlatform(): Platform {
  const files = createProcFiles();
  const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return {
    containment,
    bootId,
    watchMs: 100,
    startTime: (pid) => startTimeOf(files, pid),
    startTimeAt,
    isAlive: (identity) => identity.bootId === bootId && isRunning(files, identity),
    examine: (pid, markerName) => examine(files, pid, markerName),
    list: createLister(files),
    catchNewest: (markers, ms) => catchNewest(files, markers, ms),
    signal: (target, signal, to) => {
      if (!isSame(files, target)) return false;
      return sendSignal(to === "group" ? -target.pid : target.pid, signal);
    },
  };
}

function startTimeOf(files: ProcFiles, pid: number): string | undefined {
  const stat = files.stat(pid);
  return stat === undefined || stat.state === "X" ? undefined : stat.startTime;
}

/** The kernel tells times of its processes in hundredths of a second, whatever its own clock's rate is. */
const ticksPerSecond = 100;

function startTimeAt(wallMs: number): number {
  const [uptime = "0"] = readFileSync("/proc/uptime", "utf8").split(" ", 1);
  return Math.max(0, Math.floor((Number(uptime) - (Date.now() - wallMs) / 1000) * ticksPerSecond));
}

function isRunning(files: ProcFiles, { pid, startTime }: ProcessIdentity): boolean {
  try {
    const stat = files.stat(pid);
    return stat !== undefined && stat.startTime === startTime && !isZombie(stat);
  } catch {
    // No file descriptor left to look with: nobody is taken for dead for that, and the next look will tell.
    return true;
  }
}

function examine(files: ProcFiles, pid: number, markerName: string): Evidence {
  return {
    marker: files.markers(pid, [markerName])?.[0],
    stdout: fileBehind(`/proc/${pid}/fd/1`),
    stderr: fileBehind(`/proc/${pid}/fd/2`),
  };
}

/** Through the link, to the very file: also where its name is gone, or another file's by now. */
function fileBehind(path: string): string | undefined {
  try {
    return fileKey(statSync(path));
  } catch {
    // The process is gone or not ours, or has closed it.
    return undefined;
  }
}

function namespaceOf(pid: number): { readonly namespace?: string } {
  try {
    return { namespace: readlinkSync(`/proc/${pid}/ns/pid`) };
  } catch {
    // Gone meanwhile, or another user's.
    return {};
  }
}

function isSame(files: ProcFiles, target: { readonly pid: number; readonly startTime: string }): boolean {
  try {
    return startTimeOf(files, target.pid) === target.startTime;
  } catch {
    // No file descriptor left to look with. What is signalled was alive a moment ago, and must not be left running.
    return true;
  }
}

function createLister(files: ProcFiles): (query: ListingQuery) => ProcessListing {
  /** By `pid:startTime`, from the last listing: an environment is read once, for what is put into it later does not show. */
  let knownMarkers: ReadonlyMap<string, readonly string[]> = new Map();
  let knownZombies: ReadonlySet<string> = new Set();

  const rowOf = (pid: number, stat: ProcStat, query: ListingQuery): ProcessRow & { bare: boolean } => {
    const { markerNames, namespaces } = query;
    const markers = isZombie(stat)
      ? []
      : (knownMarkers.get(`${pid}:${stat.startTime}`) ?? files.markers(pid, markerNames));
    const seen = namespaces === true && !isZombie(stat) ? namespaceOf(pid) : {};
    return { ...toRow(pid, stat, markers ?? []), ...seen, bare: markers === undefined };
  };

  return (query) => {
    const newestBefore = files.newestPid();
    const rows: ReturnType<typeof rowOf>[] = [];
    let someEnded = false;
    // The newest first: what lives only for milliseconds is looked at before it is gone.
    for (const name of readdirSync("/proc").toReversed()) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || pid <= 0) continue;
      const stat = files.stat(pid);
      if (stat === undefined) someEnded = true;
      else if (Number(stat.startTime) >= query.notBefore) rows.push(rowOf(pid, stat, query));
    }
    const zombies = new Set(rows.filter((row) => row.zombie).map(keyOf));
    someEnded ||= [...zombies].some((key) => !knownZombies.has(key));
    knownZombies = zombies;
    knownMarkers = new Map(rows.filter((row) => row.markers.length > 0).map((row) => [keyOf(row), row.markers]));
    // Whoever escaped the list ended after its name was read and left a younger one: both must have happened for that.
    const someEscaped = someEnded && files.newestPid() !== newestBefore;
    return { rows, incomplete: someEscaped || someAreChanging(rows) };
  };
}

/** A process that is young and has no environment may be between two programs (exec): its marker will show again. */
function someAreChanging(rows: readonly (ProcessRow & { readonly bare: boolean })[]): boolean {
  const youngest = rows.reduce((latest, { startTime }) => Math.max(latest, Number(startTime)), 0);
  return rows.some(({ bare, startTime }) => bare && Number(startTime) >= youngest - freshTicks);
}

function catchNewest(files: ProcFiles, markers: readonly string[], ms: number): readonly ProcessRow[] {
  const names = [...new Set(markers.map((marker) => marker.slice(0, marker.indexOf("="))))];
  const caught: ProcessRow[] = [];
  /** Someone else's, or stopped: looked at once. */
  const done = new Set<number>();
  const oldest = Math.max(files.newestPid() - newestLooked, 1);
  let lastCatch = Infinity;
  for (const until = performance.now() + ms; performance.now() < Math.min(until, lastCatch + catchRestMs);) {
    const newest = files.newestPid();
    for (let pid = newest; pid > oldest; pid--) {
      const stat = done.has(pid) ? undefined : files.stat(pid);
      const found = stat === undefined || isZombie(stat) ? [] : files.markers(pid, names);
      // A number is given out shortly before its process can be seen, so the newest ones are asked for again.
      if (found === undefined || (stat === undefined && pid > newest - stillComing)) continue;
      done.add(pid);
      if (stat === undefined || !found.some((marker) => markers.includes(marker))) continue;
      if (!sendSignal(pid, "SIGSTOP")) continue;
      // It may have started the next one already, so the hunt goes on until none shows up for a while.
      caught.push(toRow(pid, stat, found));
      lastCatch = performance.now();
    }
  }
  return caught;
}

/** The first thread of a process may end before the others: that one lives on. */
function isZombie(stat: ProcStat): boolean {
  return stat.state === "X" || (stat.state === "Z" && stat.threads <= 1);
}

function toRow(pid: number, stat: ProcStat, markers: readonly string[]): ProcessRow {
  const { parent, group, session, startTime } = stat;
  return { pid, parent, group, session, startTime, markers, zombie: isZombie(stat) };
}

function keyOf({ pid, startTime }: ProcessRow): string {
  return `${pid}:${startTime}`;
}
