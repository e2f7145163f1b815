import { accessSync, closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** The kernel reads no more of a first line. */
const shebangBytes = 256;

/**
 * The code by which the system would refuse to start this program (ENOENT, EACCES), as far as its files tell: for a program
 * that others start for us, who could not say it as clearly.
 */
export function whyNotExecutable(
  program: string,
  cwd: string,
  path: string | undefined,
): "ENOENT" | "EACCES" | undefined {
  const candidates = program.includes("/")
    ? [resolve(cwd, program)]
    : (path ?? "/usr/bin:/bin").split(delimiter).map((folder) => resolve(cwd, join(folder, program)));
  const answers = candidates.map((file) => whyNotFile(file) ?? whyNotFile(interpreterOf(file)));
  if (answers.includes(undefined)) return undefined;
  return answers.includes("EACCES") ? "EACCES" : "ENOENT";
}

function whyNotFile(file: string | undefined): "ENOENT" | "EACCES" | undefined {
  if (file === undefined) return undefined;
  try {
    if (!statSync(file).isFile()) return "EACCES";
    accessSync(file, constants.X_OK);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "EACCES" ? "EACCES" : "ENOENT";
  }
}

/** The program named after `#!`, where that is how the file begins. */
function interpreterOf(file: string): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(file, "r");
    const buffer = Buffer.alloc(shebangBytes);
    const line = buffer.toString("utf8", 0, readSync(fd, buffer)).split("\n", 1)[0] ?? "";
    return /^#![ \t]*(\/[^ \t]+)/.exec(line)?.[1];
  } catch {
    // One may be allowed to run a program without being allowed to read it.
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
