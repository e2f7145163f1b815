/**
 * The life of one process, whoever started it.
 *
 *     running ── exit ──▶ drained ──▶ [someone left? grace ──▶ swept] ──▶ [its namespace ended] ──▶ drained ──▶ closed, removed ──▶ ended
 *
 * Kept here: (5) every process of the attempt is gone when `ended` settles; nothing alive is taken for dead, because only
 * the exit of the process ends it, never the end of a stream.
 */
import type { ExitFacts, ProcessIdentity } from "@claude-orchestrator/domain";
import type { Clock, RunningProcess, StopStep } from "@claude-orchestrator/engine/ports";
import type { Platform } from "../platform/platform.ts";
import type { Containment } from "./containment.ts";
import type { Family } from "./family.ts";
import type { OutputPump } from "./outputPump.ts";
import type { OutputTail } from "./outputTail.ts";
import { removePrivateDirectory } from "./privateDirectory.ts";
import { createStopLadder } from "./stopLadder.ts";
import type { Sweeper } from "./sweeper.ts";

/** What was left behind may go on writing for so long, and is ended sooner where two looks find nothing new. */
const graceMs = 100;
const graceStepMs = 20;
/** A folder that takes longer to remove goes on being removed after the end has been told. */
const removalMs = 1_500;

export interface Machinery {
  readonly clock: Clock;
  readonly platform: Platform;
  readonly pump: OutputPump;
  readonly sweeper: Sweeper;
  readonly containment: Containment;
}

export interface Supervised {
  /** Undefined where it was never known. */
  readonly identity: ProcessIdentity | undefined;
  readonly family: Family;
  readonly tails: readonly OutputTail[];
  readonly privateDirectory: string;
  /** Settles when the process has ended. Never rejects. */
  readonly exit: Promise<Omit<ExitFacts, "swept">>;
  /** How a rung of the ladder reaches it. */
  readonly signal: (signal: StopStep["signal"], to: StopStep["to"]) => void;
}

/** Follows a process to its exit, and ends what it leaves behind. */
export function supervise(machinery: Machinery, supervised: Supervised): RunningProcess {
  const { clock, pump, sweeper } = machinery;
  const { identity, family, tails, privateDirectory } = supervised;
  const unfollow = tails.map((tail) => pump.follow(tail));
  const ladder = createStopLadder({ clock, send: supervised.signal });
  sweeper.register(family);

  const ended = supervised.exit.then(async (exit): Promise<ExitFacts> => {
    ladder.release();
    for (const stop of unfollow) stop();
    const swept = await settle(machinery, family, tails);
    sweeper.unregister(family);
    await atMost(removalMs, clock, removePrivateDirectory(privateDirectory));
    return { ...exit, swept };
  });

  return {
    identity,
    ended,
    stop: (steps) => {
      // First a look at who descends from it: once it is gone, that can no longer be seen.
      void sweeper.look(family).then(() => ladder.climb(steps));
    },
  };
}

/** Hands on the rest of the output and ends whoever is left; answers how many those were. */
async function settle(
  { clock, pump, sweeper }: Machinery,
  family: Family,
  tails: readonly OutputTail[],
): Promise<number> {
  await pump.drain(tails);
  let swept = 0;
  if ((await sweeper.findLeft(family)).length > 0) {
    for (let quiet = 0, waited = 0; quiet < 2 && waited < graceMs; waited += graceStepMs) {
      await pause(graceStepMs, clock);
      quiet = (await pump.drain(tails)) === 0 ? quiet + 1 : 0;
    }
    swept = await sweeper.sweep(family);
    await pump.drain(tails);
  }
  if (family.namespace !== undefined) {
    await family.namespace.end();
    await pump.drain(tails);
  }
  for (const tail of tails) tail.close();
  return swept;
}

function pause(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}

/** Settles with `work`, or without it after `ms`. */
function atMost(ms: number, clock: Clock, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, resolve);
    work.then(resolve, reject).finally(cancel);
  });
}
