import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "@claude-orchestrator/domain";

/** The folder a person means: a path from here, or a `file:` address, as browsers and file managers give it. @throws UserError usage */
export function namedFolder(word: string, cwd: string): string {
  if (!/^file:/i.test(word)) return resolve(cwd, word);
  try {
    return fileURLToPath(word);
  } catch (error) {
    throw new UserError("usage", `\`${word}\` is no address of a folder on this machine`, {
      hint: "write its path, such as `--from /media/usb/updates`",
      cause: error,
    });
  }
}
