import { UserError } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";
import { createClock } from "@claude-orchestrator/host";
import { continueRunLog, openRunLog } from "@claude-orchestrator/store";
import type { FoundRun, RunLog, RunLogReader } from "@claude-orchestrator/store";
import { programName, programVersion } from "../program/version.ts";
import { RunFold } from "../run/runFold.ts";

/** Opens a run's log to read. @throws UserError log-not-usable, with what can be done about such a run */
export function openLogOf({ id, directory }: FoundRun): RunLogReader {
  try {
    return openRunLog(directory);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const ends = `where it is still at work, \`${programName} stop ${id}\` ends it`;
    const removes = `\`${programName} runs prune ${id} --yes\` removes what is left of it`;
    const hints = [...(error.hint === undefined ? [] : [error.hint]), ends, removes];
    throw new UserError(error.code, error.message, { hint: hints.join("; "), cause: error });
  }
}

/**
 * What the log of a run tells so far; undefined where the run never came to its first event.
 *
 * @throws UserError log-not-usable where that event is lost
 */
export function readHistory(found: FoundRun): RunState | undefined {
  const { id, directory } = found;
  const log = openLogOf(found);
  try {
    const fold = new RunFold();
    fold.add(log.events());
    if (fold.state === undefined && log.damage().length > 0) {
      throw new UserError("log-not-usable", `The log of ${id} does not tell any more how the run began`);
    }
    return fold.state === undefined ? undefined : { ...fold.state, directory };
  } finally {
    log.close();
  }
}

/** The log, to be written on, with what it held; the caller holds the run's lock. @throws UserError log-not-usable */
export function continueHistory(directory: string): {
  readonly log: RunLog;
  readonly events: readonly LoggedEvent[];
  /** One sentence for each part of it that was missing, damaged or made no sense. */
  readonly lost: readonly string[];
} {
  const options = { clock: createClock(), programVersion: programVersion() };
  const { log, events, damage } = continueRunLog(directory, options);
  const fold = new RunFold();
  fold.add(events);
  const passedOver = fold.passedOver.map((seq) => `event ${seq} is not what it says it is: passed over`);
  return { log, events, lost: [...damage.map(({ what }) => what), ...passedOver] };
}
