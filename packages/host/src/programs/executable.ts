import { type Stats, accessSync, closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { extname } from "node:path";

/** Why a file cannot be run as a program, in a word or two; undefined where it can. */
export type Unfitness = "no such file" | "no file" | "not executable" | "no program" | "needs a shell";

/**
 * Looks at the permissions and the first bytes: ELF, Mach-O, PE, or a script that names its interpreter (`#!`). An npm package
 * installed without its scripts leaves a plain text in place of its program, and that would be run by a shell.
 */
export function unfitnessOf(path: string): Unfitness | undefined {
  const stat = lookAt(path);
  if (stat === undefined) return "no such file";
  if (!stat.isFile()) return "no file";
  if (/^\.(?:cmd|bat|ps1)$/i.test(extname(path))) return "needs a shell";
  try {
    accessSync(path, constants.X_OK);
    return isProgram(firstBytes(path)) ? undefined : "no program";
  } catch {
    return "not executable";
  }
}

/** What a path names. Undefined where nothing is there, or where we may not see: then we could not start it either. */
export function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function firstBytes(path: string): Buffer {
  const bytes = Buffer.alloc(4);
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    // Executable but not readable: as good as a native program, which need not be readable.
    return Buffer.from("\x7fELF", "latin1");
  }
  try {
    return bytes.subarray(0, readSync(fd, bytes));
  } finally {
    closeSync(fd);
  }
}

const machO = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe, 0xbebafeca]);

function isProgram(bytes: Buffer): boolean {
  const start = bytes.toString("latin1");
  if (start.startsWith("#!") || start.startsWith("MZ") || start === "\x7fELF") return true;
  return bytes.length === 4 && machO.has(bytes.readUInt32BE());
}
