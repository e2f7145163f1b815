import { startSession } from "@claude-orchestrator/host";
import type { SessionEnd } from "@claude-orchestrator/host";
import type { Io } from "../io/channel.ts";
import { programWords } from "./programWords.ts";

/**
 * Runs this program again with other words, in a session of its own. Settles with its end; never rejects.
 *
 * @param outputPath begun anew; what it says goes there
 */
export function runThisProgram(
  words: readonly string[],
  { env, cwd, outputPath }: Pick<Io, "env" | "cwd"> & { readonly outputPath: string },
): Promise<SessionEnd> {
  const argv = [...programWords(), ...words];
  return startSession({ argv, cwd, env: { ...env, NO_COLOR: "1" }, outputPath });
}
