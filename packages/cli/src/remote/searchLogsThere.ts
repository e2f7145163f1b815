import { routes } from "@claude-orchestrator/protocol";
import { printMatches, searchText } from "../history/searchLogs.ts";
import type { SearchFlags } from "../history/searchLogs.ts";
import type { Io } from "../io/channel.ts";
import { askServer } from "./askServer.ts";
import { readServerAddress } from "./serverAddress.ts";

/** `logs --server --search`. */
export async function searchLogsThere(
  server: string,
  [run = "", instance = ""]: readonly string[],
  flags: SearchFlags,
  io: Io,
): Promise<number> {
  const text = searchText(flags);
  const address = readServerAddress(server, io);
  const output = { instance, attempt: flags.attempt, stream: flags.stderr ? "stderr" : "stdout" };
  return printMatches(async (line, limit) => {
    const query = { ...output, text, regex: flags.regex, from_line: line, limit };
    const {
      matches,
      total,
      is_complete: isComplete,
    } = await askServer(address, routes.searchLog, {
      params: { run },
      query,
    });
    return { matches, total, isComplete };
  }, io);
}
