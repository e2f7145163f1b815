import { join } from "node:path";
import { type RunId, UserError } from "@claude-orchestrator/domain";
import { runIds } from "./runList.ts";

export interface FoundRun {
  readonly id: RunId;
  readonly directory: string;
}

/**
 * The run a person means: its whole id, any beginning of it that fits one run only (with or without `run_`), or
 * `latest` (also `last`).
 *
 * @throws UserError run-not-found with the nearest ids
 */
export function findRun(runsDirectory: string, text: string): FoundRun {
  const ids = runIds(runsDirectory);
  const [found, another] = matches(ids, text);
  if (found === undefined) throw runNotFound(runsDirectory, text, ids);
  if (another !== undefined) throw severalRuns(text, matches(ids, text));
  return { id: found, directory: join(runsDirectory, found) };
}

function matches(ids: readonly RunId[], text: string): readonly RunId[] {
  if (text === "latest" || text === "last") return ids.slice(0, 1);
  if (text === "") return [];
  const exact = ids.filter((id) => id === text);
  return exact.length > 0 ? exact : ids.filter((id) => id.startsWith(text) || id.startsWith(`run_${text}`));
}

function runNotFound(runsDirectory: string, text: string, ids: readonly RunId[]): UserError {
  if (ids.length === 0) return new UserError("run-not-found", `There are no runs in ${runsDirectory}`);
  const near = ids.toSorted((a, b) => likeness(b, text) - likeness(a, text)).slice(0, 3);
  return new UserError("run-not-found", `No run \`${text}\` in ${runsDirectory}`, {
    hint: `${near.length === 1 ? "there is" : "nearest are"} ${near.join(", ")}; \`latest\` means the newest`,
  });
}

function severalRuns(text: string, ids: readonly RunId[]): UserError {
  const shown = ids.slice(0, 5).join(", ");
  const more = ids.length > 5 ? ` and ${ids.length - 5} more` : "";
  return new UserError("run-not-found", `\`${text}\` begins the ids of ${ids.length} runs`, {
    hint: `write more of the one you mean: ${shown}${more}`,
  });
}

/** How many characters two ids share at their beginning and their end: one wrong letter leaves the rest. */
function likeness(id: string, text: string): number {
  const words = text.startsWith("run_") ? text : `run_${text}`;
  const shortest = Math.min(id.length, words.length);
  let start = 0;
  while (start < shortest && id[start] === words[start]) start += 1;
  let end = 0;
  while (end < shortest - start && id.at(-1 - end) === words.at(-1 - end)) end += 1;
  return start + end;
}
