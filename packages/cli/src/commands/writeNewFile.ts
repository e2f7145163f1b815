import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "@claude-orchestrator/domain";

/**
 * Writes a file that is not there yet.
 *
 * @throws UserError usage where it is there and `force` is not set; file-not-readable where it cannot be written
 */
export async function writeNewFile(
  name: string,
  text: string,
  { cwd, force }: { readonly cwd: string; readonly force: boolean },
): Promise<void> {
  const path = resolve(cwd, name);
  try {
    await writeFile(path, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      throw new UserError("usage", `${name} is already there`, { hint: "write over it with `--force`", cause: error });
    }
    throw new UserError("file-not-readable", `Cannot write ${path}`, {
      hint: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
}
