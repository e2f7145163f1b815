import { join } from "node:path";
import { foldAsRead, pastRunOf, promptEstimatesOf } from "@claude-orchestrator/domain";
import type { PastRun, PromptEstimate } from "@claude-orchestrator/domain";
import { readRunOutline, runIds } from "@claude-orchestrator/store";
import type { DamagedRun, RunOutline } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { cleanLine } from "../views/text/cleanText.ts";

/** So many runs tell enough; more would only make it slow. */
const mostRuns = 500;

export interface PastRuns {
  readonly folder: string;
  /** Newest first. */
  readonly runs: readonly PastRun[];
  /** Of every request of theirs that went through the gateway. */
  readonly prompts: readonly PromptEstimate[];
  /** Those that could not be read, and so tell nothing. */
  readonly damaged: readonly DamagedRun[];
}

/** The newest runs of a folder, as far as forecasts need them. @throws UserError file-not-readable */
export function readPastRuns(folder: string, most = mostRuns): PastRuns {
  const runs: PastRun[] = [];
  const prompts: PromptEstimate[] = [];
  const damaged: DamagedRun[] = [];
  for (const id of runIds(folder).slice(0, most)) {
    const outline = readRunOutline(id, join(folder, id));
    if ("damaged" in outline) {
      damaged.push(outline);
      continue;
    }
    const run = pastRun(outline);
    if (run !== undefined) runs.push(run);
    prompts.push(...promptEstimatesOf(outline.events));
  }
  return { folder, runs, prompts, damaged };
}

function pastRun({ events }: RunOutline): PastRun | undefined {
  const state = foldAsRead(events, undefined);
  return state === undefined ? undefined : pastRunOf(state);
}

/** Says which runs were left out, and why. */
export function tellDamaged({ damaged }: PastRuns, io: Io): void {
  for (const { id, damaged: why } of damaged) {
    io.talk.write(`${io.talk.paint("warn", "note:")} ${damagedSentence(id, why)}\n`);
  }
}

export function damagedSentence(id: string, why: string): string {
  return `${id} is left out of the forecast, its log is not whole: ${cleanLine(why)}`;
}
