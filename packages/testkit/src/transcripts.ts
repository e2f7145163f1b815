import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The agents whose output has been recorded. */
export type RecordedAgent = "claude" | "codex" | "gemini" | "opencode";

const folder = fileURLToPath(new URL("../transcripts/", import.meta.url));

/** What a real CLI printed on standard output, whole, as text; `stderr` for its other stream. Throws where there is none. */
export function readTranscript(agent: RecordedAgent, name: string, stream: "jsonl" | "stderr" = "jsonl"): string {
  return readFileSync(`${folder}${agent}/${name}.${stream}`, "utf8");
}

/** Names of an agent's recordings, sorted, without ending. Empty where there are none. */
export function listTranscripts(agent: RecordedAgent): readonly string[] {
  try {
    return readdirSync(`${folder}${agent}`)
      .filter((file) => file.endsWith(".jsonl"))
      .map((file) => file.slice(0, -".jsonl".length))
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
