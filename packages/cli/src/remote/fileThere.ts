import { UserError } from "@claude-orchestrator/domain";
import { readConfig } from "../run/planFile.ts";
import { readFileTarget } from "../run/target.ts";

/** A file for a server: its path there, or its text. */
export type FileThere = { readonly file: string } | { readonly text: string };

/**
 * What a word names for a server: a file on its machine or, pasted, the one that is here.
 *
 * @throws UserError usage, file-not-readable
 */
export async function fileThere(word: string, paste: boolean, cwd: string): Promise<FileThere> {
  if (!paste) return { file: word };
  const { path, shown } = readFileTarget(word, cwd);
  const decoded = await readConfig(path, shown);
  if ("text" in decoded) return { text: decoded.text };
  throw new UserError("file-not-readable", `\`${shown}\`, line ${decoded.line}: ${decoded.message}`);
}
