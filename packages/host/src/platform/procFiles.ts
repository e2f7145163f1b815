import { closeSync, openSync, readSync } from "node:fs";

/** What we need of a line of /proc/PID/stat. */
export interface ProcStat {
  readonly state: string;
  readonly threads: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly startTime: string;
}

/**
 * Reads a line of /proc/PID/stat. The command's name may hold spaces, parentheses and newlines, so it ends at the LAST
 * closing parenthesis. Undefined for anything else.
 */
export function parseStat(text: string): ProcStat | undefined {
  const close = text.lastIndexOf(")");
  if (close === -1) return undefined;
  const fields = text.slice(close + 2).split(" ", 20);
  const [state, parent, group, session] = fields;
  const startTime = fields[19];
  if (state === undefined || startTime === undefined || !/^\d+$/.test(startTime)) return undefined;
  const threads = Number(fields[17]);
  return { state, threads, parent: Number(parent), group: Number(group), session: Number(session), startTime };
}

/** `NAME=value` for each of `names` that stands in an environment block (entries end with NUL). The first of a name counts. */
export function findMarkers(environment: Buffer, names: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const name of names) {
    const entry = `${name}=`;
    for (let at = environment.indexOf(entry); at !== -1; at = environment.indexOf(entry, at + 1)) {
      if (at > 0 && environment[at - 1] !== 0) continue;
      const end = environment.indexOf(0, at);
      found.push(environment.toString("utf8", at, end === -1 ? environment.length : end));
      break;
    }
  }
  return found;
}

/** Reads the files of /proc, each as undefined (or empty) where the process is gone or not ours to look at. */
export interface ProcFiles {
  stat(pid: number): ProcStat | undefined;
  /** Undefined where the environment is empty: for a moment, while a program takes the place of another (exec), or by choice. */
  markers(pid: number, names: readonly string[]): readonly string[] | undefined;
  /** The process number given out last. */
  newestPid(): number;
}

/** An environment is bounded by the kernel to a quarter of the stack: 2 MB by default. */
const longestFile = 4 * 1024 * 1024;

/** @throws (each function) where no file descriptor is left */
export function createProcFiles(): ProcFiles {
  const buffer = Buffer.allocUnsafe(longestFile);
  const text = (path: string): string | undefined => {
    const length = readInto(buffer, path);
    return length === undefined ? undefined : buffer.toString("latin1", 0, length);
  };
  return {
    stat: (pid) => {
      const line = text(`/proc/${pid}/stat`);
      return line === undefined ? undefined : parseStat(line);
    },
    markers: (pid, names) => {
      const length = readInto(buffer, `/proc/${pid}/environ`);
      if (length === 0) return undefined;
      return length === undefined ? [] : findMarkers(buffer.subarray(0, length), names);
    },
    newestPid: () => {
      const line = text("/proc/loadavg") ?? "";
      return Number(line.slice(line.lastIndexOf(" ") + 1));
    },
  };
}

/** The number of bytes of a file of /proc, which tells no size. */
function readInto(buffer: Buffer, path: string): number | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    let length = 0;
    for (;;) {
      const got = readSync(fd, buffer, length, buffer.length - length, null);
      length += got;
      if (got === 0 || length === buffer.length) return length;
    }
  } catch (error) {
    if (isGoneOrForeign(error)) return undefined;
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function isGoneOrForeign(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ESRCH" || code === "EACCES" || code === "EPERM";
}
