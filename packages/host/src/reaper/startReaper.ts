import { spawn, type ChildProcess } from "node:child_process";

export interface ReaperOptions {
  /** What it becomes when we are gone without having said `done`: the program's path and its words. */
  readonly command: readonly string[];
  /** Beside PATH, what it needs to start. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Reaper {
  /** All is settled, nobody needs to be looked for: it ends. */
  done(): void;
}

/** Whoever kills it over and over is not answered for ever. */
const mostStarts = 20;

/**
 * `read` ends when its input does, and the other end of that is ours alone (it is closed in every program we start): a kill -9
 * of ours, a crash, anything. Until then it costs about a megabyte and no time at all.
 */
const watcher = 'read -r word; [ "$word" = done ] || exec "$@"';

/**
 * Starts a tiny process in a session of its own that becomes `command` as soon as this program has ended, in whatever way,
 * without having called `done`. Started anew where somebody ends it. Never throws: where it cannot be started there is none.
 * On Windows there is none.
 */
export function startReaper({ command, env = {} }: ReaperOptions): Reaper {
  let watching: ChildProcess | undefined;
  let isDone = false;
  let starts = 0;

  const start = (): void => {
    if (isDone || starts >= mostStarts) return;
    starts += 1;
    const child = spawn("/bin/sh", ["-c", watcher, "sh", ...command], {
      cwd: "/",
      env: { ...env, PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    child.on("error", () => undefined);
    child.stdin.on("error", () => undefined);
    child.once("exit", start);
    child.unref();
    watching = child;
  };

  if (process.platform !== "win32") start();
  return {
    done: () => {
      isDone = true;
      watching?.stdin?.end("done\n");
    },
  };
}
