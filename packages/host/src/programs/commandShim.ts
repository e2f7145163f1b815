import { closeSync, openSync, readSync } from "node:fs";
import { dirname, join } from "node:path";

/** No shim is longer; bytes. */
const longestShim = 8192;

/**
 * The script that a `.cmd` file starts with Node, relative to that file's folder and with `/` between its parts, where npm, pnpm or
 * Yarn made the file; undefined for any other batch file. Windows starts a batch file by cmd.exe only, which would read an
 * agent's prompt as commands of its own (Node refuses it for that reason since CVE-2024-27980): so its script is started, without it.
 */
export function scriptOfShim(text: string): string | undefined {
  const [, script] = /"%_prog%"\s+"%(?:dp0%|~dp0)\\([^"%]+\.[cm]?js)"\s+%\*/.exec(text) ?? [];
  return script?.replaceAll("\\", "/");
}

/** The same of a file: its path; undefined where it cannot be read or is no shim. */
export function shimmedScript(file: string): string | undefined {
  try {
    const script = scriptOfShim(beginningOf(file));
    return script === undefined ? undefined : join(dirname(file), script);
  } catch {
    return undefined;
  }
}

function beginningOf(file: string): string {
  const fd = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(longestShim);
    return bytes.toString("utf8", 0, readSync(fd, bytes));
  } finally {
    closeSync(fd);
  }
}
