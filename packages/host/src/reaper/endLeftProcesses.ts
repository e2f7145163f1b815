import type { Clock } from "@claude-orchestrator/engine/ports";
import { createClock } from "../clock.ts";
import { choosePlatform } from "../platform/choosePlatform.ts";
import type { Family } from "../processes/family.ts";
import { keeperMarkValue } from "../processes/pidNamespace.ts";
import { createSweeper } from "../processes/sweeper.ts";

export interface LeftProcesses {
  /** The variable that the environment of everything the run started has, with whatever value. */
  readonly markerName: string;
  /** ms since 1970: when the run began. Whoever is older is not of it, whatever it carries. */
  readonly since: number;
  /** "keepers": only what kept namespaces of the run, whose supervisor was killed before they were ready. */
  readonly only?: "keepers";
  readonly clock?: Clock;
}

/** A wall clock set back meanwhile by less than this hides nobody. */
const clockSlackMs = 3_600_000;
/** Whoever is still there then is somebody not even SIGKILL ends, or is started anew by somebody out of reach. */
const mostRounds = 5;

/**
 * Ends everything that a run whose supervisor is gone has left, politely first; answers how many those were. Nobody is ended
 * on one piece of evidence: each carries the run's marker in an environment that we may read, and is younger than the run;
 * or descends from one who does. Never ourselves, nor whom we descend from. On Windows, where no environment can be read, it
 * finds nobody.
 */
export async function endLeftProcesses(left: LeftProcesses): Promise<number> {
  const { markerName, since, clock = createClock() } = left;
  const platform = choosePlatform();
  const sweeper = createSweeper(platform, () => clock.monotonic());
  const keeper = `${markerName}=${keeperMarkValue}`;
  const notBefore = platform.startTimeAt(since - clockSlackMs);
  let ended = 0;
  for (let round = 0; round < mostRounds; round++) {
    const { rows } = await platform.list({ markerNames: [markerName], notBefore });
    const found = rows.flatMap((row) => (row.zombie ? [] : row.markers));
    const markers = new Set(left.only === undefined ? found : found.filter((marker) => marker === keeper));
    if (markers.size === 0) break;
    const root = { pid: 0, startTime: String(notBefore), bootId: platform.bootId };
    const families = [...markers].map((marker): Family => ({ root, rootWatched: false, marker, known: new Set() }));
    for (const family of families) sweeper.register(family);
    const swept = await Promise.all(families.map((family) => sweeper.sweep(family)));
    for (const family of families) sweeper.unregister(family);
    ended += swept.reduce((sum, count) => sum + count, 0);
  }
  return ended;
}
