import { execFile, execFileSync } from "node:child_process";
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

const psColumns = "pid=,ppid=,pgid=,stat=,lstart=";

/**
 * A line of `ps -Eww -o pid=,ppid=,pgid=,stat=,lstart=,command=` (locale C): numbers, state, a start time of five words, and
 * the command with the environment after it, as far as the system shows it.
 */
export function parsePsLine(line: string, markerNames: readonly string[]): ProcessRow | undefined {
  const shape = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]{8}\s+\d{4})(?:\s(.*))?$/s;
  const [, pid, parent, group, state, started, rest = ""] = shape.exec(line) ?? [];
  if (pid === undefined || state === undefined || started === undefined) return undefined;
  const startTime = parsePsStart(started);
  if (startTime === undefined) return undefined;
  const markers = markerNames.flatMap((name) => {
    const at = ` ${rest}`.lastIndexOf(` ${name}=`);
    return at === -1 ? [] : [rest.slice(at).split(" ", 1)[0] ?? ""];
  });
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    session: 0,
    startTime,
    zombie: state.startsWith("Z"),
    markers,
  };
}

/** `Mon Nov 23 20:56:01 2026` as seconds since 1970; `ps` is run with TZ=UTC. */
export function parsePsStart(text: string): string | undefined {
  const ms = Date.parse(`${text.trim().replace(/\s+/g, " ")} UTC`);
  return Number.isNaN(ms) ? undefined : String(ms / 1000);
}

const plainEnvironment = { PATH: "/bin:/usr/bin:/usr/sbin", LC_ALL: "C", TZ: "UTC" };

/**
 * The file behind a descriptor in what `lsof -a -p PID -d 1,2 -F fDi` prints: for each descriptor a line `f1`, then its device
 * (`D0x1000004`) and inode (`i12345`).
 */
export function parseLsof(text: string, descriptor: 1 | 2): string | undefined {
  const own = `\n${text}`.split(`\nf${descriptor}\n`, 2)[1]?.split("\nf", 1)[0] ?? "";
  const device = /^D(0x[0-9a-f]+)$/m.exec(own)?.[1];
  const inode = /^i(\d+)$/m.exec(own)?.[1];
  return device === undefined || inode === undefined ? undefined : fileKey({ dev: Number(device), ino: Number(inode) });
}

/** Processes by `ps`: start time in whole seconds since 1970. Of newer systems' own programs the environment is not shown. */
export function createDarwinPlatform(): Platform {
  const bootId = runNow("/usr/sbin/sysctl", ["-n", "kern.bootsessionuuid"])?.trim() ?? "";
  const startTime = (pid: number): string | undefined => {
    const text = runNow("/bin/ps", ["-o", "lstart=", "-p", String(pid)]);
    return text === undefined ? undefined : parsePsStart(text);
  };
  const isAlive = ({ pid, startTime: remembered, bootId: boot }: ProcessIdentity): boolean => {
    const text = boot === bootId ? runNow("/bin/ps", ["-o", psColumns, "-p", String(pid)]) : undefined;
    const row = text === undefined ? undefined : parsePsLine(text.trimEnd(), []);
    return row !== undefined && !row.zombie && row.startTime === remembered;
  };
  const examine = (pid: number, markerName: string): Evidence => {
    const line = runNow("/bin/ps", ["-Eww", "-o", `${psColumns},command=`, "-p", String(pid)]) ?? "";
    const files = runNow("/usr/sbin/lsof", ["-a", "-p", String(pid), "-d", "1,2", "-F", "fDi"]) ?? "";
    const marker = parsePsLine(line.trimEnd(), [markerName])?.markers[0];
    return { marker, stdout: parseLsof(files, 1), stderr: parseLsof(files, 2) };
  };
  const list = async ({ markerNames, notBefore }: ListingQuery): Promise<ProcessListing> => {
    const text = await run("/bin/ps", ["-axEww", "-o", `${psColumns},command=`]);
    const rows = text
      .split("\n")
      .flatMap((line) => parsePsLine(line, markerNames) ?? [])
      .filter((row) => Number(row.startTime) >= notBefore);
    return { rows, incomplete: false };
  };
  return {
    containment:
      "each attempt runs in a process group of its own; when it ends, every process that shows its marker in the " +
      "environment, is in its group, or descends from either is ended too; a program that cleared its environment (or " +
      "hides it, as the system's own do), left the group and lost its parent is out of reach",
    bootId,
    watchMs: 1000,
    startTime,
    startTimeAt: (wallMs) => Math.floor(wallMs / 1000),
    isAlive,
    examine,
    list,
    signal: (target, signal, to) => {
      if (startTime(target.pid) !== target.startTime) return false;
      return sendSignal(to === "group" ? -target.pid : target.pid, signal);
    },
  };
}

/** Undefined where it ends with an error, as ps does where there is no such process. */
function runNow(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: "utf8", env: plainEnvironment, stdio: "pipe" });
  } catch {
    return undefined;
  }
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: plainEnvironment, maxBuffer: 256 * 1024 * 1024, encoding: "utf8" } as const;
    execFile(program, args, options, (error, stdout) => (error === null ? resolve(stdout) : reject(error)));
  });
}
