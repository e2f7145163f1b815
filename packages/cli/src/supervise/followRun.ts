import { setTimeout as wait } from "node:timers/promises";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";
import { openRunLog } from "@claude-orchestrator/store";
import { RunFold } from "../run/runFold.ts";
import { farewellMs } from "./lockRun.ts";
import { isLocked, standingOf } from "./standing.ts";

/** How often it is looked whether anybody still supervises the run. */
const standingMs = 500;

const farewellPollMs = 20;

export interface Following {
  readonly directory: string;
  /** With each new part of the log, in order, from its first event on. */
  readonly onEvents: (events: readonly LoggedEvent[]) => void;
  /** Settles when whoever follows has seen enough. */
  readonly enough: Promise<unknown>;
}

/** Why there is nothing more to follow. */
export type FollowEnd = "settled" | "interrupted" | "enough";

/**
 * Follows a run's log, also while others do: until it has settled and nobody has gone on with it since, or nobody supervises
 * it any more. A run that has settled is waited for until its reports are written and its supervisor has let go of its folder
 * (20 s at most): whoever reads its reports or removes its folder next finds nobody at work there.
 */
export async function followRun({ directory, onEvents, enough }: Following): Promise<{
  readonly end: FollowEnd;
  readonly fold: RunFold;
}> {
  const log = openRunLog(directory);
  const fold = new RunFold();
  const end = Promise.withResolvers<FollowEnd>();
  const isRead = (): boolean => [...log.events(nextOf(fold), 1)].length === 0;
  const hasSettled = (): boolean => isAtItsEnd(fold.state) && isRead();
  const stop = log.follow(1, (events) => {
    fold.add(events);
    onEvents(events);
    if (hasSettled()) end.resolve("settled");
  });
  // Only once all of its log is read, which takes a while of a long one: its end may be in what is not. And asked twice: it may
  // be just about to be taken up by somebody else.
  let wasLeft = false;
  const looker = setInterval(() => {
    const isLeft = standingOf(directory, isAtItsEnd(fold.state)).is === "interrupted" && isRead();
    if (isLeft && wasLeft) end.resolve("interrupted");
    wasLeft = isLeft;
  }, standingMs);
  const isEnough = enough.then(() => "enough" as const);
  try {
    const how = await Promise.race([end.promise, isEnough]);
    if (how === "settled") await Promise.race([untilLetGo(directory, hasSettled), isEnough]);
    return { end: how, fold };
  } finally {
    clearInterval(looker);
    stop();
    log.close();
  }
}

async function untilLetGo(directory: string, hasSettled: () => boolean): Promise<void> {
  const until = performance.now() + farewellMs;
  while (isLocked(directory) === true && hasSettled() && performance.now() < until) await wait(farewellPollMs);
}

function isAtItsEnd(state: RunState | undefined): boolean {
  return state?.phase.status === "settled";
}

function nextOf(fold: RunFold): number {
  return (fold.state?.seq ?? 0) + 1;
}
