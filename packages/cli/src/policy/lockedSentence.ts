import type { Policy } from "@claude-orchestrator/config/file";

/** What is locked, and in which line each: for `plan`, for the log of a run, for `doctor`. */
export function lockedSentence({ source, locks }: Policy): string {
  const fields = Object.entries(locks).map(([field, { at }]) => `${field} (line ${at.slice(source.length + 1)})`);
  return `The policy of this machine, ${source}, locks ${fields.join(", ")}`;
}
