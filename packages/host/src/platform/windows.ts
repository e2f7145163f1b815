import { execFile, execFileSync } from "node:child_process";
import { sendSignal, type ListingQuery, type Platform, type ProcessListing, type ProcessRow } from "./platform.ts";

/** One line per process: pid, parent, start in ms since 1970. */
const listingScript =
  "Get-CimInstance Win32_Process | ForEach-Object { " +
  "$start = if ($_.CreationDate) { ([DateTimeOffset]$_.CreationDate).ToUnixTimeMilliseconds() } else { 0 }; " +
  '"$($_.ProcessId) $($_.ParentProcessId) $start" }';

/** A line of the listing above; undefined for anything else. */
export function parseWindowsLine(line: string): ProcessRow | undefined {
  const [, pid, parent, startTime] = /^(\d+) (\d+) (\d+)\s*$/.exec(line) ?? [];
  if (pid === undefined || startTime === undefined) return undefined;
  return { pid: Number(pid), parent: Number(parent), group: 0, session: 0, startTime, zombie: false, markers: [] };
}

/** How far the time that stands in for a start lies before the question: a start is never later than it was asked for. */
const beforeAskedMs = 1000;
/** A start time of ours is the time it was asked for, so it may be off by what starting took. */
const startingMs = 5000;

/**
 * A listing in which whoever we asked for goes by the start time that was answered then, as everywhere else. One that began
 * after the question is another process, to which the number has been given since.
 */
export function withAnsweredStarts(
  rows: readonly ProcessRow[],
  answered: ReadonlyMap<number, string>,
): readonly ProcessRow[] {
  return rows.map((row) => {
    const startTime = answered.get(row.pid);
    const isSame = startTime !== undefined && isAnswerFor(Number(row.startTime), Number(startTime));
    return isSame ? { ...row, startTime } : row;
  });
}

function isAnswerFor(real: number, answer: number): boolean {
  return real <= answer + beforeAskedMs && real >= answer - startingMs;
}

/**
 * Processes by PowerShell. There are no signals, groups or readable environments: a stop is an end, and what is left behind
 * is found by descent alone. Asking for a start time costs a third of a second, so the time of the question stands in for it
 * (the handle we hold keeps the number from being given out again).
 */
export function createWindowsPlatform(): Platform {
  const answered = new Map<number, string>();
  return {
    containment:
      "on Windows an attempt is ended by force and, with it, the processes that descend from it while their line of " +
      "parents can be followed; one whose parent has ended before is out of reach",
    bootId: "windows",
    watchMs: 2000,
    startTime: (pid) => {
      const startTime = String(Date.now() - beforeAskedMs);
      answered.set(pid, startTime);
      return startTime;
    },
    startTimeAt: (wallMs) => wallMs,
    isAlive: ({ pid, startTime }) => isNear(realStartTime(pid), Number(startTime)),
    examine: () => ({ marker: undefined, stdout: undefined, stderr: undefined }),
    list: async ({ notBefore }: ListingQuery): Promise<ProcessListing> => {
      const text = await runPowerShell(listingScript);
      const rows = text.split("\n").flatMap((line) => parseWindowsLine(line.trim()) ?? []);
      const recent = withAnsweredStarts(rows, answered).filter((row) => Number(row.startTime) >= notBefore);
      return { rows: recent, incomplete: false };
    },
    // Ending is all that can be done to a process here; stopping it (SIGSTOP) cannot.
    signal: (target, signal) => signal !== "SIGSTOP" && sendSignal(target.pid, "SIGKILL"),
  };
}

function isNear(real: number | undefined, remembered: number): boolean {
  return real !== undefined && Math.abs(real - remembered) <= startingMs;
}

/** In ms since 1970; undefined where there is no such process. */
function realStartTime(pid: number): number | undefined {
  const epoch = "[datetime]::new(1970, 1, 1, 0, 0, 0, 'Utc')";
  const script = `[long]((Get-Process -Id ${pid}).StartTime.ToUniversalTime() - ${epoch}).TotalMilliseconds`;
  try {
    const words = ["-NoProfile", "-NonInteractive", "-Command", script];
    const text = execFileSync("powershell.exe", words, { windowsHide: true, encoding: "utf8", stdio: "pipe" });
    return /^\d+\s*$/.test(text) ? Number(text) : undefined;
  } catch {
    // PowerShell ends with an error where there is no such process.
    return undefined;
  }
}

function runPowerShell(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const words = ["-NoProfile", "-NonInteractive", "-Command", script];
    const options = { windowsHide: true, maxBuffer: 64 * 1024 * 1024, encoding: "utf8" } as const;
    execFile("powershell.exe", words, options, (error, stdout) => (error === null ? resolve(stdout) : reject(error)));
  });
}
