import { UserError } from "@claude-orchestrator/domain";
import { findRun } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { askRun } from "./askRun.ts";
import { readHistory } from "./history.ts";

export interface AskFlags {
  readonly "runs-dir": string | undefined;
}

/** `pause RUN` and `unpause RUN`: asks, and says what was answered. */
export async function askTo(
  kind: "pause" | "unpause",
  [text = ""]: readonly string[],
  flags: AskFlags,
  io: Io,
): Promise<number> {
  const found = findRun(oldRunsFolder(io, flags["runs-dir"]), text);
  if (readHistory(found)?.phase.status === "settled") {
    throw new UserError("run-not-running", `${found.id} has come to its end already`);
  }
  io.talk.write(`${await askRun(found, { kind }, io.by)}\n`);
  return 0;
}
