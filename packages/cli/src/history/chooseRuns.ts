import { formatBytes, formatDuration } from "@claude-orchestrator/domain";
import type { Retention, RunId } from "@claude-orchestrator/domain";
import type { SurveyedRun } from "./surveyRuns.ts";

export interface Choice {
  readonly run: SurveyedRun;
  /** Of a run to be removed: what it is too much for. Of one that is kept though it is: why. */
  readonly why: string;
}

export interface Chosen {
  readonly removed: readonly Choice[];
  /** Those the bounds would have removed. */
  readonly kept: readonly Choice[];
}

export interface ChoiceWish {
  readonly retention: Retention;
  readonly now: number;
  /** Runs a person named: removed whatever the bounds say, also where they did not finish. */
  readonly named?: ReadonlySet<RunId>;
  readonly includeUnfinished?: boolean;
}

/**
 * Which runs are removed. `runs` are newest first. A run that is kept for another reason counts among those that are kept,
 * so that a bound never removes more because of it. A running run is never among the removed.
 */
export function chooseRuns(runs: readonly SurveyedRun[], wish: ChoiceWish): Chosen {
  const removed: Choice[] = [];
  const kept: Choice[] = [];
  let bytes = 0;
  let count = 0;
  for (const run of runs) {
    const isNamed = wish.named?.has(run.id) === true;
    const why = isNamed ? "named" : excess(run, { count: count + 1, bytes: bytes + run.bytes }, wish);
    const protection = why === undefined ? undefined : protectionOf(run, isNamed, wish.includeUnfinished === true);
    if (why !== undefined && protection === undefined) {
      removed.push({ run, why });
      continue;
    }
    count += 1;
    bytes += run.bytes;
    if (protection !== undefined) kept.push({ run, why: protection });
  }
  return { removed, kept };
}

/** What the run is too much for, with it counted; undefined where it fits. */
function excess(
  run: SurveyedRun,
  withIt: { readonly count: number; readonly bytes: number },
  { retention: { ageMs, count, bytes }, now }: ChoiceWish,
): string | undefined {
  if (ageMs !== undefined && now - run.at > ageMs) return `older than ${formatDuration(ageMs)}`;
  if (count !== undefined && withIt.count > count) return `more than ${count} ${count === 1 ? "run" : "runs"}`;
  if (bytes !== undefined && withIt.bytes > bytes) return `more than ${formatBytes(bytes)} together`;
  return undefined;
}

function protectionOf(run: SurveyedRun, isNamed: boolean, alsoUnfinished: boolean): string | undefined {
  if (run.state === "running") return "it is running";
  if (isNamed) return undefined;
  if (run.hasFolders) return "folders of its instances are still there: `worktrees list` shows them";
  if (alsoUnfinished || run.state === "settled") return undefined;
  return run.state === "damaged" ? "its log is damaged" : "it has not finished and can be resumed";
}
