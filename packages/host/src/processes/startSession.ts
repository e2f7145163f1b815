import { spawn } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";

export interface SessionProgram {
  /** argv[0] is the program's path. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What it prints goes to this file (0600), begun anew. */
  readonly outputPath: string;
}

/** `problem`: the end of a sentence, where it was not started or a signal ended it. */
export interface SessionEnd {
  readonly exitCode: number | null;
  readonly problem?: string;
}

/**
 * Starts a program in a session of its own, without a terminal and without a tie to this one: it lives on when we end. Settles
 * with its end; never rejects.
 */
export async function startSession({ argv, cwd, env, outputPath }: SessionProgram): Promise<SessionEnd> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);
  let output: number | undefined;
  try {
    output = openSync(outputPath, flags, 0o600);
    const [path = "", ...words] = argv;
    const stdio = ["ignore" as const, output, output];
    const child = spawn(path, words, { cwd, env: { ...env }, detached: true, windowsHide: true, stdio });
    return await new Promise((resolve) => {
      child.once("error", (error) => resolve(notStarted(error)));
      child.once("exit", (exitCode, signal) =>
        resolve({ exitCode, ...(signal === null ? {} : { problem: `${signal} ended it` }) }),
      );
    });
  } catch (error) {
    return notStarted(error);
  } finally {
    if (output !== undefined) closeSync(output);
  }
}

function notStarted(error: unknown): SessionEnd {
  return { exitCode: null, problem: error instanceof Error ? error.message : String(error) };
}
