import { existsSync, lstatSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfigDirectory } from "@claude-orchestrator/engine/ports";
import { makeFolder } from "../makeFolder.ts";

/**
 * Makes an agent's own folder of settings (0700), with links to what of the person's it shares. What is there already, from an
 * earlier attempt, stays as it is.
 *
 * @throws the error of the file system
 */
export function makeConfigDirectory({ path, links, files }: ConfigDirectory): void {
  makeFolder(path);
  for (const [name, target] of Object.entries(links)) {
    const isFree = lstatSync(join(path, name), { throwIfNoEntry: false }) === undefined;
    if (isFree && existsSync(target)) symlinkSync(target, join(path, name));
  }
  for (const [name, text] of Object.entries(files)) {
    const isFree = lstatSync(join(path, name), { throwIfNoEntry: false }) === undefined;
    if (isFree) writeFileSync(join(path, name), text, { mode: 0o600, flag: "wx" });
  }
}
