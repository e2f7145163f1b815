import type { LoggedEvent } from "@claude-orchestrator/domain";
import type { RunControl } from "../../door.ts";
import type { Chance } from "./chance.ts";
import { chanceOf } from "./chance.ts";
import { brokenPromises, brokenStart } from "./promises.ts";
import { anyPlan, anyScript } from "./schedule.ts";
import { World } from "./world.ts";

/** A schedule that has not ended after so many alarms never will. */
const mostAlarms = 20_000;
/** The longest chain of awaits between two alarms; more turns than this only cost time. */
const turns = 120;

export interface Played {
  readonly seed: number;
  /** One sentence for each promise that was not kept; empty for a sound engine. */
  readonly broken: readonly string[];
  readonly events: readonly LoggedEvent[];
  /** How many supervisors were killed. */
  readonly kills: number;
}

/**
 * Plays one schedule: a plan, agents, a person and any number of killed supervisors, all chosen by the seed. The engine is
 * the real one; the same seed plays the same.
 */
export async function play(seed: number): Promise<Played> {
  const chance = chanceOf(seed);
  const broken: string[] = [];
  const plan = anyPlan(chance);
  const world = new World({
    plan,
    chance,
    endsWithSupervisor: chance.holds(0.5),
    scriptOf: (instance, start) => {
      const hasTimeout = plan.instances.some(({ name, timeoutMs }) => name === instance && timeoutMs !== undefined);
      return anyScript(chance, { start, mayHang: hasTimeout });
    },
    onStart: (marker, durable) => {
      broken.push(...brokenStart(plan, marker, durable));
      if (world.processes.alive >= plan.concurrency)
        broken.push("more processes than `concurrency` were alive at once");
    },
  });
  const kills = await live(world, chance, broken);
  broken.push(...brokenPromises(world));
  return { seed, broken, events: world.durable, kills };
}

async function live(world: World, chance: Chance, broken: string[]): Promise<number> {
  let killsLeft = chance.below(6);
  let kills = 0;
  let canReopen = chance.holds(0.3);
  const moments = (): number => (killsLeft-- > 0 ? 1 + chance.below(60) : Number.POSITIVE_INFINITY);
  world.supervise(moments());
  for (let alarms = 0; alarms < mostAlarms; alarms += 1) {
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    const { control, end } = world;
    if (end !== undefined) {
      const failed = canReopen ? failedIn(world) : [];
      canReopen = false;
      if (failed.length === 0) return kills;
      world.supervise(moments(), failed);
    } else if (control === undefined) {
      kills += 1;
      // Killed with its last word already on disk: there is nothing to take up.
      if (world.state?.phase.status === "settled") return kills;
      world.supervise(moments());
    } else {
      if (ask(control, world, chance)) continue;
      if (!world.clock.fireNext() && !control.unpause().ok) break;
    }
  }
  broken.push("the run did not come to an end");
  return kills;
}

function failedIn(world: World): readonly string[] {
  return [...(world.state?.instances.values() ?? [])]
    .filter(({ phase }) => phase.status === "settled" && phase.verdict === "failed")
    .map(({ name }) => name);
}

/** A person, or somebody with `kill -9`, now and then; true where one did something. */
function ask(control: RunControl, world: World, chance: Chance): boolean {
  if (!chance.holds(0.04)) return false;
  const name = `i${chance.below(8)}`;
  const wishes: readonly [() => unknown, ...(() => unknown)[]] = [
    () => control.pause(),
    () => control.unpause(),
    () => control.unpause(),
    () => control.stopInstance(name, { force: chance.holds(0.5) }),
    () => control.retry("failed"),
    () => control.retry([name]),
    () => world.processes.killOne((count) => chance.below(count)),
    () => chance.holds(0.3) && control.stop({ force: chance.holds(0.5), signal: "SIGINT" }),
  ];
  chance.pick(wishes)();
  return true;
}
