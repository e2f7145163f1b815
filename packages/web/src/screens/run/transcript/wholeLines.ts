import type { Answer, Routes } from "@claude-orchestrator/protocol";
import { api } from "../../../data/api.ts";
import type { LogPlace } from "../../../data/api.ts";
import type { TranscriptLine } from "./readTranscript.ts";

type Page = Answer<Routes["readLog"]>;

/** A longer line (a file that was read, a picture) is not read: the log has it. */
const longestLine = 2 * 1024 * 1024;

/** The lines of a page, those that were cut read whole: an event that is cut cannot be understood. */
export async function wholeLines(
  run: string,
  place: LogPlace,
  { lines, bytes }: Page,
  signal: AbortSignal,
): Promise<readonly TranscriptLine[]> {
  const whole: TranscriptLine[] = [];
  for (const [index, { number, text, byte, is_cut }] of lines.entries()) {
    const end = lines[index + 1]?.byte ?? bytes;
    const isRead = is_cut && end - byte <= longestLine;
    whole.push({ number, text: isRead ? await rawLine(run, place, [byte, end], signal) : text });
  }
  return whole;
}

async function rawLine(
  run: string,
  place: LogPlace,
  [from, end]: readonly [number, number],
  signal: AbortSignal,
): Promise<string> {
  const headers = { range: `bytes=${from}-${end - 1}` };
  const response = await fetch(api.rawLogAddress(run, place), { credentials: "same-origin", headers, signal });
  if (response.status !== 206) return "";
  const [line = ""] = (await response.text()).split("\n");
  return line;
}
