import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExitFacts } from "@claude-orchestrator/domain";
import type { ProcessSpec, RunningProcess } from "@claude-orchestrator/engine/ports";
import type { ContainmentWish } from "../processes/containment.ts";
import { createProcessHost, type LocalProcessHost } from "../processes/processHost.ts";

export interface SeenLine {
  readonly text: string;
  readonly dropped: number;
}

/** A process under test, with what it was heard to say. */
export interface Started {
  readonly running: RunningProcess;
  readonly stdout: readonly SeenLine[];
  readonly stderr: readonly SeenLine[];
  readonly marker: string;
  readonly privateDirectory: string;
  readonly spool: ProcessSpec["spool"];
  /** Settles once a line of standard output begins so. */
  heard(beginning: string): Promise<void>;
}

export interface Finished extends Started {
  readonly exit: ExitFacts;
  /** Process numbers that still carry the marker, as the process table says, at the moment `ended` settled. */
  readonly survivors: readonly number[];
}

export interface HostRig extends Disposable {
  readonly host: LocalProcessHost;
  readonly folder: string;
  start(argv: readonly string[], options?: Partial<ProcessSpec>): Started;
  finish(started: Started): Promise<Finished>;
  run(argv: readonly string[], options?: Partial<ProcessSpec>): Promise<Finished>;
}

/** A process host in a temporary folder, for tests with real programs. */
export function createHostRig(containment: ContainmentWish = "best"): HostRig {
  const host = createProcessHost({ containment });
  const folder = mkdtempSync(join(tmpdir(), "host rig "));
  let count = 0;

  const start: HostRig["start"] = (argv, options = {}) => {
    const name = `attempt-${(count += 1)}`;
    const listeners = new Set<() => void>();
    const stdout: SeenLine[] = [];
    const stderr: SeenLine[] = [];
    const spec: ProcessSpec = {
      argv,
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
      marker: { name: "HOST_TEST_MARK", value: `${process.pid}-${Math.random().toString(36).slice(2)}` },
      spool: { stdout: join(folder, `${name}.stdout`), stderr: join(folder, `${name}.stderr`) },
      privateDirectory: join(folder, `${name}.private`),
      files: {},
      maxLineBytes: 1024 * 1024,
      ...options,
    };
    const running = host.start(spec, {
      stdoutLine: (text, dropped) => {
        stdout.push({ text, dropped });
        for (const listener of listeners) listener();
      },
      stderrLine: (text, dropped) => void stderr.push({ text, dropped }),
    });
    const heard = (beginning: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (stdout.some(({ text }) => text.startsWith(beginning))) resolve();
        };
        listeners.add(look);
        look();
      });
    const marker = `${spec.marker.name}=${spec.marker.value}`;
    return { running, stdout, stderr, marker, heard, privateDirectory: spec.privateDirectory, spool: spec.spool };
  };

  const finish: HostRig["finish"] = async (started) => {
    const exit = await started.running.ended;
    return { ...started, exit, survivors: survivorsOf(started.marker) };
  };

  return {
    host,
    folder,
    start,
    finish,
    run: (argv, options) => finish(start(argv, options)),
    [Symbol.dispose]: () => {
      host.killEverythingNow();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Both ways of containment, where this machine has both: what a test of either is to be run with. */
export function containments(): readonly ContainmentWish[] {
  return hasNamespaces() ? ["sweep", "best"] : ["sweep"];
}

export function hasNamespaces(): boolean {
  return createProcessHost().containment().kind === "namespace";
}

/** Living processes that carry the marker (`NAME=value`), read independently of the code under test. */
export function survivorsOf(marker: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).split("\0").includes(marker))
    .map(Number);
}

/** Living processes with exactly this command line, by the numbers we see them under. */
export function processesRunning(words: readonly string[]): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/cmdline`) === `${words.join("\0")}\0`)
    .map(Number);
}

/** Empty where it ended meanwhile, or is dead already and only not yet taken note of. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Whether a process lives (one that is dead but not yet taken note of does not). */
export function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** The words that run a script by the Node that runs the test. */
export function nodeScript(script: string): readonly string[] {
  return [process.execPath, "-e", script];
}

export function shellScript(script: string): readonly string[] {
  return ["/bin/sh", "-c", script];
}
