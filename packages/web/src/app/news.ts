import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { needsSomebody } from "../data/attention.ts";
import { stateWord } from "../kit/StateMark.tsx";

type Told = Pick<RunSummaryDocument, "run" | "name" | "status" | "ended_at">;

/** More at once are told as a number. */
const mostNames = 3;

/**
 * What is new between two lists of runs, in a sentence each: who has come to an end, and who needs somebody now. Of a run that was
 * not in the list before, only what came after `since` (ms since 1970): the list is read bit by bit. Pure.
 */
export function newsOf(before: readonly Told[], after: readonly Told[], since: number): readonly string[] {
  const known = new Map(before.map((run) => [run.run, run.status]));
  const changed = after.filter(({ run, status, ended_at }) => {
    return known.has(run) ? known.get(run) !== status : Date.parse(ended_at ?? "") >= since;
  });
  const ended = changed.filter((run) => run.ended_at !== null || needsSomebody(run));
  if (ended.length > mostNames) {
    const needing = ended.filter(needsSomebody).length;
    return [`${ended.length} runs ended${needing === 0 ? "" : `, ${needing} of them in the inbox`}`];
  }
  return ended.map((run) => {
    const what = `${run.name ?? run.run}: ${stateWord(run.status)}`;
    return needsSomebody(run) ? `${what}. It is in the inbox` : what;
  });
}
