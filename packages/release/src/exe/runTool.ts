import { spawnSync } from "node:child_process";
import { UserError } from "@claude-orchestrator/domain";

/** A program and what it is told. */
export type Words = readonly [command: string, ...words: string[]];

/**
 * Runs a tool of the machine without a shell, and answers what it printed.
 *
 * @param debian the packages that have it
 * @throws UserError program-not-found where it is not installed; Error with what it said where it fails
 */
export function runTool(
  [command, ...words]: Words,
  { cwd, input, debian }: { readonly cwd: string; readonly input?: string; readonly debian: string },
): string {
  const { error, status, signal, stdout, stderr } = spawnSync(command, words, {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  });
  if (error !== undefined && "code" in error && error.code === "ENOENT") {
    throw new UserError("usage", `\`${command}\` is not installed, and this executable cannot be made without it`, {
      hint: `apt-get install ${debian}; RELEASE_EXE=linux-x64 makes only the executables it names`,
    });
  }
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status ?? signal}:\n${stderr}${stdout}`);
  return stdout;
}
