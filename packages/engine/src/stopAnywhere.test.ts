import { describe, expect, test } from "vitest";
import type { Plan } from "@claude-orchestrator/domain";
import { failing, planOf, succeeding } from "./testing/simulation.ts";
import type { Script } from "./testing/simulatedProcesses.ts";
import { chanceOf } from "./testing/simulator/chance.ts";
import { brokenPromises } from "./testing/simulator/promises.ts";
import { World } from "./testing/simulator/world.ts";

/** An agent's whole ladder takes seven seconds. */
const patienceMs = 10_000;

/** Between two alarms a run can be stopped before each of so many turns; after them all has happened that will. */
const turnsToStopIn = 16;
const turnsToRest = 120;

/** Every state there is: at work, deaf, waiting for room, for a need, for a retry, held apart by the delay, skipped, ended. */
const plan: Plan = planOf(
  [
    { name: "quick" },
    { name: "deaf" },
    { name: "limited", retry: { attempts: 3, delayMs: 300, backoff: 2, maxDelayMs: 1000, on: ["rate_limit"] } },
    { name: "after", needs: [{ instance: "quick", when: "success" }] },
    { name: "rescue", needs: [{ instance: "quick", when: "failure" }] },
    { name: "missing" },
    { name: "last", needs: [{ instance: "limited", when: "always" }] },
  ],
  { concurrency: 3, startupDelayMs: 20 },
);

function scriptOf(instance: string, start: number): Script {
  if (instance === "deaf") return { ...succeeding("done", 1500), heeds: "SIGKILL" };
  if (instance === "limited" && start < 6) return failing("rate_limit", 200);
  if (instance === "missing") return { lines: [], exitAfterMs: 0, exit: { spawnError: "ENOENT" } };
  return { ...succeeding("done", 400), heeds: "SIGTERM" };
}

interface Case {
  /** The alarm and the turn after it at which the person stops the run. */
  readonly alarm: number;
  readonly turn: number;
  readonly force: boolean;
  /** Before this alarm the first supervisor is killed, and another takes the run up. */
  readonly killedAt: number | undefined;
}

interface Stopped {
  /** False: it had come to its end before. */
  readonly wasStopped: boolean;
  readonly problems: readonly string[];
}

async function stopAt({ alarm, turn, force, killedAt }: Case): Promise<Stopped> {
  const world = new World({ plan, chance: chanceOf(1), endsWithSupervisor: false, scriptOf, onStart: () => undefined });
  world.supervise(Number.POSITIVE_INFINITY);
  let stoppedAt: number | undefined;
  for (let alarms = 0; alarms < 5000 && world.end === undefined; alarms += 1) {
    if (alarms === killedAt) {
      world.killSupervisor();
      world.supervise(Number.POSITIVE_INFINITY);
    }
    for (let turns = 0; turns < turnsToRest && world.end === undefined; turns += 1) {
      if (alarms === alarm && turns === turn) {
        world.control?.stop({ force, signal: "SIGINT" });
        stoppedAt = world.clock.monotonic();
      }
      await Promise.resolve();
    }
    if (world.end === undefined && !world.clock.fireNext()) break;
  }
  return { wasStopped: stoppedAt !== undefined, problems: problemsOf(world, stoppedAt ?? Number.POSITIVE_INFINITY) };
}

function problemsOf(world: World, stoppedAt: number): readonly string[] {
  const { clock, state } = world;
  const took = clock.monotonic() - stoppedAt;
  const phase = state?.phase;
  // One that had just settled, and whose last word was on its way to the disk, ends as it would have.
  const hasSettledSince = phase?.status === "settled" && phase.at - clock.wallShift > stoppedAt;
  return [
    ...brokenPromises(world),
    ...(world.end === undefined ? ["it never ended"] : []),
    ...(took > patienceMs ? [`it took ${took} ms`] : []),
    ...(hasSettledSince && phase.outcome !== "stopped" ? [`it is said to have ${phase.outcome}`] : []),
  ];
}

/** From the first moment on, until there is none left to stop at; gives how many there were, and what was wrong at them. */
async function stopEverywhere(force: boolean, killedAt: number | undefined) {
  const problems: string[] = [];
  let moments = 0;
  for (let alarm = killedAt ?? 0, goesOn = true; goesOn; alarm += 1) {
    goesOn = false;
    for (let turn = 0; turn < turnsToStopIn; turn += 1) {
      const stopped = await stopAt({ alarm, turn, force, killedAt });
      goesOn ||= stopped.wasStopped;
      moments += stopped.wasStopped ? 1 : 0;
      problems.push(...stopped.problems.map((what) => `stopped at alarm ${alarm}, turn ${turn}: ${what}`));
    }
  }
  return { moments, problems };
}

describe("R29: stopped at each of its moments, a run settles within ten seconds and leaves nothing alive", () => {
  test.each([
    { how: "politely", force: false },
    { how: "by force", force: true },
  ])("$how", async ({ force }) => {
    const { moments, problems } = await stopEverywhere(force, undefined);
    expect(problems).toEqual([]);
    expect(moments).toBeGreaterThan(500);
  });

  test.each([3, 12, 25])("also where its first supervisor was killed before alarm %i", async (killedAt) => {
    const { moments, problems } = await stopEverywhere(false, killedAt);
    expect(problems).toEqual([]);
    expect(moments).toBeGreaterThan(200);
  });
});
