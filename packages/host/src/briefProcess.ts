import { spawn } from "node:child_process";

export interface BriefProcess {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
  /** Written to its standard input, which is then closed; without it there is none. */
  readonly input?: string;
  /** Output beyond this is not kept, of each stream. */
  readonly maxBytes: number;
}

export interface BriefAnswer {
  /** Undefined where it was ended by a signal, did not start or did not end in time. */
  readonly code: number | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Why there is no code: `ENOENT`, `timed out`, `SIGSEGV`. */
  readonly problem: string | undefined;
  readonly truncated: boolean;
}

/** What a program still says after its exit is waited for so long, whoever holds its pipes. */
const afterExitMs = 200;

/**
 * Runs a program of ours (git, `claude --version`) to its end, without a shell, and answers what it printed. Ended by
 * force with its whole group when its time is up. Never rejects.
 */
export function runBriefly(brief: BriefProcess): Promise<BriefAnswer> {
  return new Promise((resolve) => {
    const [program = "", ...args] = brief.argv;
    const output = { stdout: createCollector(brief.maxBytes), stderr: createCollector(brief.maxBytes) };
    const answer = (code: number | undefined, problem: string | undefined): void => {
      clearTimeout(timer);
      child?.stdout?.destroy();
      child?.stderr?.destroy();
      const truncated = output.stdout.isFull() || output.stderr.isFull();
      resolve({ code, problem, truncated, stdout: output.stdout.bytes(), stderr: output.stderr.bytes() });
    };
    const child = trySpawn(program, args, brief, (code) => answer(undefined, code));
    let early: string | undefined;
    const end = (why: string): void => {
      early ??= why;
      if (child?.pid !== undefined) endGroup(child.pid);
    };
    const timer = setTimeout(() => end("timed out"), brief.timeoutMs);
    if (child === undefined) return;
    const giveUp = (): void => end("given up");
    if (brief.signal?.aborted === true) giveUp();
    brief.signal?.addEventListener("abort", giveUp, { once: true });
    // One that does not read its input has closed it, which is its own affair.
    child.stdin?.on("error", () => undefined).end(brief.input);
    child.stdout?.on("data", output.stdout.take);
    child.stderr?.on("data", output.stderr.take);
    child.once("error", (error) => answer(undefined, codeOf(error)));
    child.once("exit", (code, signal) => {
      brief.signal?.removeEventListener("abort", giveUp);
      const problem = early ?? signal ?? undefined;
      const finish = (): void => answer(early === undefined ? (code ?? undefined) : undefined, problem);
      const late = setTimeout(finish, afterExitMs);
      child.once("close", () => {
        clearTimeout(late);
        finish();
      });
    });
  });
}

function trySpawn(
  program: string,
  args: readonly string[],
  { cwd, env, input }: BriefProcess,
  refused: (code: string) => void,
): ReturnType<typeof spawn> | undefined {
  try {
    const stdin = input === undefined ? "ignore" : "pipe";
    return spawn(program, args, { cwd, env, stdio: [stdin, "pipe", "pipe"], detached: true, windowsHide: true });
  } catch (error) {
    queueMicrotask(() => refused(codeOf(error)));
    return undefined;
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It ended at that very moment: its exit event is on its way.
  }
}

function createCollector(maxBytes: number) {
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    take: (chunk: Buffer): void => {
      const room = maxBytes - length;
      if (room > 0) chunks.push(chunk.subarray(0, room));
      length += chunk.length;
    },
    isFull: () => length > maxBytes,
    bytes: () => Buffer.concat(chunks),
  };
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.message : String(error);
}
