import { readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

const ours = /^claude_orchestrator-.*\.dist-info$/;

/**
 * Whether pip has put this executable where it is: programs go into a folder beside the packages, among which pip keeps what it wrote down.
 *
 * @param executable absolute; may be a link, as pipx makes them
 */
export function isOfWheel(executable: string): boolean {
  const environment = dirname(dirname(realOf(executable)));
  const libraries = namesIn(join(environment, "lib")).filter((name) => name.startsWith("python"));
  // Windows has one Python in an environment, and for a user's own no `Lib`.
  const parents = [...libraries.map((name) => join("lib", name)), "Lib", ""];
  return parents
    .flatMap((parent) => ["site-packages", "dist-packages"].map((name) => join(environment, parent, name)))
    .some((folder) => namesIn(folder).some((name) => ours.test(name)));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Not there, or not ours to read: no answer is no.
    return [];
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
