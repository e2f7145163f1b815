import { join } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import type { Found } from "@claude-orchestrator/server";
import type { Io } from "../io/channel.ts";
import { counted } from "../views/words.ts";
import { instanceOf, openRun } from "./openRun.ts";
import { attemptOf } from "./printLogs.ts";
import type { LogFlags } from "./printLogs.ts";

export interface SearchFlags extends Omit<LogFlags, "runs-dir"> {
  readonly search: string | undefined;
  readonly regex: boolean;
}

/** Those that one search gives; the next one begins after the last of them. */
const pageMatches = 1000;

/** Finds lines from this one on. */
export type FindFrom = (line: number, limit: number) => Promise<Found>;

/** `logs RUN INSTANCE --search TEXT`: the lines that have it, as they are read on a screen, each with its number. */
export async function searchLogs(
  [text = "", name = ""]: readonly string[],
  flags: SearchFlags & LogFlags,
  io: Io,
): Promise<number> {
  const wanted = searchText(flags);
  const opened = openRun(text, flags["runs-dir"], io);
  const attempt = attemptOf(instanceOf(opened.state, name), flags.attempt);
  const path = join(opened.directory, flags.stderr ? attempt.files.stderr : attempt.files.stdout);
  const { Refusal, searchOutput } = await import("@claude-orchestrator/server");
  const ends = new AbortController();
  void io.out.closed.then(() => ends.abort());
  const search = {
    fromByte: 0,
    fromNumber: 1,
    text: wanted,
    isPattern: flags.regex,
    ignoreCase: true,
    until: () => false,
    signal: ends.signal,
  };
  try {
    return await printMatches((firstLine, limit) => searchOutput(path, { ...search, firstLine, limit }), io);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (ends.signal.aborted) return 0;
    throw new UserError("usage", error.message, error.hint === undefined ? {} : { hint: error.hint });
  }
}

/** @throws UserError usage */
export function searchText({ search, follow }: SearchFlags): string {
  if (search === undefined || search === "") {
    throw new UserError("usage", "`--regex` says how `--search` is read, and there is none", {
      hint: "write `--search PATTERN --regex`",
    });
  }
  if (!follow) return search;
  throw new UserError("usage", "`--follow` and `--search` do not go together", {
    hint: "leave one of them out, or pipe: `logs RUN INSTANCE --follow | grep TEXT`",
  });
}

/** Prints all of them, page by page, and says where there are none. */
export async function printMatches(find: FindFrom, io: Io): Promise<number> {
  let count = 0;
  for (let from = 1; !io.out.isClosed;) {
    const { matches, isComplete } = await find(from, pageMatches);
    count += matches.length;
    await io.out.writeSlowly(matches.map(({ line, text }) => `${line}: ${text}\n`).join(""));
    const last = matches.at(-1)?.line;
    if (matches.length < pageMatches || last === undefined) {
      io.talk.write(isComplete ? foundWords(count) : "note: it is too long to be searched whole in one go\n");
      break;
    }
    from = last + 1;
  }
  return 0;
}

function foundWords(count: number): string {
  return count === 0 ? "no line has it\n" : `${counted(count, "line")}\n`;
}
