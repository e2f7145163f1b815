import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentProgram } from "@claude-orchestrator/engine/ports";
import { runBriefly } from "../briefProcess.ts";

export interface VersionAnswer {
  readonly version?: string;
  /** Why there is no version, one sentence's end: "timed out", "ENOENT", "it printed no version". */
  readonly problem?: string;
}

const usualMs = 10_000;

/**
 * Asks a program for its version: at most so long (10 s), with PATH and an empty home folder for all its environment, so that it can
 * neither read a sign-in nor leave anything behind. Never rejects.
 */
export async function readVersion(
  program: Pick<AgentProgram, "versionArgs" | "parseVersion">,
  words: readonly string[],
  path: string | undefined,
  timeoutMs: number = usualMs,
): Promise<VersionAnswer> {
  const home = await mkdtemp(join(tmpdir(), "claude-orchestrator-version-"));
  try {
    const answer = await runBriefly({
      argv: [...words, ...program.versionArgs],
      cwd: home,
      env: { ...systemEnvironment(), ...(path === undefined ? {} : { PATH: path }), HOME: home, TMPDIR: home },
      timeoutMs,
      maxBytes: 64 * 1024,
    });
    // Some print it to standard error.
    const version = program.parseVersion(`${answer.stdout.toString()}\n${answer.stderr.toString()}`);
    if (version !== undefined) return { version };
    const exited =
      answer.code === undefined || answer.code === 0 ? undefined : `it ended with exit code ${answer.code}`;
    return { problem: answer.problem ?? exited ?? "it printed no version" };
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

function systemEnvironment(): Readonly<Record<string, string>> {
  const root = process.platform === "win32" ? process.env["SYSTEMROOT"] : undefined;
  return root === undefined ? {} : { SYSTEMROOT: root };
}
