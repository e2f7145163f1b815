import { homedir, hostname, tmpdir, userInfo } from "node:os";
import type { StagedFile } from "./stagedFile.ts";

/** Shorter names are words that stand in any program. */
const shortestName = 5;

/** What must not be in any artifact: where it was made, and by whom. */
export function machineWords(root: string): readonly string[] {
  const names = [hostname(), userInfo().username].filter((name) => name.length >= shortestName);
  return [...new Set([root, homedir(), `${tmpdir()}/`, ...names.map((name) => `${name}@`)])].filter(
    (word) => word.length >= shortestName,
  );
}

/** One line for each file that holds such a word; none for a clean release. */
export function machineTraces(files: readonly StagedFile[], words: readonly string[]): readonly string[] {
  return files.flatMap(({ path, bytes }) =>
    words.filter((word) => bytes.includes(word) || path.includes(word)).map((word) => `${path} holds \`${word}\``),
  );
}
