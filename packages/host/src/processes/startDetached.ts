import { spawn } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { splitEnvironment } from "./handedEnvironment.ts";

export interface DetachedProgram {
  /** argv[0] is the program's path. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** It has only what a start needs from the first; the rest it takes by `takeHandedEnvironment`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its standard output and error are added to this file (0600). */
  readonly logPath: string;
}

export type DetachedStart =
  | { readonly begun: true; readonly pid: number }
  | { readonly begun: false; readonly exitCode: number | null; readonly problem?: string };

/**
 * Starts a program in a session of its own, without a terminal, and waits until it has said that it has begun
 * (`tellStarter`) or has ended. From then on nothing ties the two. `cancelled` settles when it is wanted no more: then it is
 * asked to end.
 *
 * @throws the error of the file system where the log cannot be opened
 */
export async function startDetached(program: DetachedProgram, cancelled: Promise<unknown>): Promise<DetachedStart> {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  const log = openSync(program.logPath, flags, 0o600);
  try {
    const [path = "", ...words] = withoutCores(program.argv);
    const { atStart, handed } = splitEnvironment(program.env);
    const child = spawn(path, words, {
      cwd: program.cwd,
      env: { ...atStart },
      detached: true,
      windowsHide: true,
      stdio: ["ignore", log, log, "ipc"],
    });
    // One that could not be started for want of descriptors has the number 0: that of our own group.
    void cancelled.then(() => child.pid !== undefined && child.kill("SIGTERM"));
    const start = await new Promise<DetachedStart>((resolve) => {
      child.once("message", () => resolve({ begun: true, pid: child.pid ?? 0 }));
      child.once("error", (error) => resolve({ begun: false, exitCode: null, problem: error.message }));
      child.once("exit", (exitCode, signal) =>
        resolve({ begun: false, exitCode, ...(signal === null ? {} : { problem: `it was ended by ${signal}` }) }),
      );
      // One that has ended already is told nothing, and its end says so.
      child.send(handed, () => undefined);
    });
    if (child.connected) child.disconnect();
    child.unref();
    return start;
  } finally {
    closeSync(log);
  }
}

/** What the kernel would write of its memory if it crashed would hold all its secrets. The limit can be raised again by hand. */
function withoutCores(argv: readonly string[]): readonly string[] {
  if (process.platform === "win32") return argv;
  return ["/bin/sh", "-c", 'ulimit -S -c 0 2> /dev/null; exec "$0" "$@"', ...argv];
}

/** The other side: tells whoever started this program by `startDetached` that it has begun, and lets go of them. */
export function tellStarter(): void {
  if (process.send === undefined) return;
  process.send("begun", () => {
    if (process.connected) process.disconnect();
  });
}
