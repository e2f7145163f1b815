import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LoggedEvent, Verdict } from "@claude-orchestrator/domain";
import { createEventFeed } from "./eventFeed.ts";

/** How one start of the built program ended. */
export interface Outcome {
  /** By a shell's rule a signal that ended it gives none: then `signal` says which. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of `run --json`, in order. */
  readonly events: readonly LoggedEvent[];
  readonly verdicts: Readonly<Record<string, Verdict>>;
  /** The sentence of each settled instance. */
  readonly reasons: Readonly<Record<string, string>>;
}

export interface RunningProgram {
  readonly pid: number;
  /** The first event, past or to come, that matches. Rejects where the program ends without one. */
  event(matches: (event: LoggedEvent) => boolean): Promise<LoggedEvent>;
  /** Settles when standard output and error together hold the text. Rejects where the program ends without it. */
  prints(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Nobody reads its standard output any more. */
  closeStdout(): void;
  /** Settles when it has exited and its pipes are closed. Never rejects. */
  readonly ended: Promise<Outcome>;
}

export interface StartOptions {
  /** Default: what was built. */
  readonly program?: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

export const programPath = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));

/** Starts the built program as a person's shell would. */
export function startProgram({ program = programPath, args, cwd, env }: StartOptions): RunningProgram {
  if (!existsSync(programPath)) throw new Error("dist/cli.mjs is not built: run `npm run build`");
  const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const feed = createEventFeed();
  const lookers = new Set<() => void>();
  let stdout = "";
  let stderr = "";
  const wake = (): void => {
    for (const look of lookers) look();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    feed.take(text);
    wake();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    wake();
  });
  let isOver = false;
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) => {
      isOver = true;
      wake();
      feed.close(`exit ${exitCode ?? signal}\n${stderr}`);
      resolve({ exitCode, signal, stdout, stderr, events: feed.events(), ...settledIn(feed.events()) });
    });
  });
  return {
    pid: child.pid ?? -1,
    event: feed.waitFor,
    prints: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!`${stdout}\n${stderr}`.includes(text)) {
            if (isOver) reject(new Error(`it ended without printing ${JSON.stringify(text)}\n${stdout}\n${stderr}`));
            return;
          }
          lookers.delete(look);
          resolve();
        };
        lookers.add(look);
        look();
      }),
    signal: (name) => void child.kill(name),
    closeStdout: () => child.stdout.destroy(),
    ended,
  };
}

function settledIn(events: readonly LoggedEvent[]): Pick<Outcome, "verdicts" | "reasons"> {
  const settled = events.filter((event) => event.type === "instance-settled");
  return {
    verdicts: Object.fromEntries(settled.map((event) => [event.instance, event.verdict])),
    reasons: Object.fromEntries(settled.map((event) => [event.instance, event.reason])),
  };
}
