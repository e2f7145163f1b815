import { copyFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { moveInPlace, syncFile } from "./durably.ts";
import { slotOf } from "./installation.ts";
import type { Installation } from "./installation.ts";

/**
 * Makes what people start be that version. A link is replaced in one step. Where there are none (Windows), a program that runs can be
 * moved and not replaced: between two renames there is no command, and what was there lies in `previous.exe` beside the versions.
 */
export function switchCommand(installation: Installation, version: string): void {
  const { command, root } = installation;
  const next = join(root, "next");
  rmSync(next, { force: true });
  if (installation.hasLinks) {
    symlinkSync(relative(dirname(command), slotOf(installation, version)), next);
    moveInPlace(next, command);
    return;
  }
  copyFileSync(slotOf(installation, version), next);
  syncFile(next);
  const previous = freeName(root);
  renameSync(command, previous);
  try {
    moveInPlace(next, command);
  } catch (error) {
    renameSync(previous, command);
    throw error;
  }
}

/** One that still runs cannot be removed, and keeps its name. */
function freeName(root: string): string {
  for (let count = 1; ; count++) {
    const name = join(root, count === 1 ? "previous.exe" : `previous-${count}.exe`);
    try {
      rmSync(name, { force: true });
      return name;
    } catch (error) {
      if (count === 100) throw error;
    }
  }
}
