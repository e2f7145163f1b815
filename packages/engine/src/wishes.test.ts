import type { LoggedEvent, RunEvent } from "@claude-orchestrator/domain";
import { wisherOf } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { planOf, succeeding } from "./testing/simulation.ts";
import { chanceOf } from "./testing/simulator/chance.ts";
import { World } from "./testing/simulator/world.ts";

const by = { kind: "token", name: "ci" } as const;

test("what was wished through a server is told with its wisher by the event it becomes, and what was not is not", async () => {
  const world = new World({
    plan: planOf([
      { name: "at work" },
      { name: "waits", needs: [{ instance: "at work", when: "success" }] },
      { name: "other" },
    ]),
    chance: chanceOf(1),
    scriptOf: () => ({ ...succeeding("done", 1500), heeds: "SIGTERM" }),
    endsWithSupervisor: false,
    onStart: () => undefined,
  });
  world.supervise(Number.POSITIVE_INFINITY);
  await advance(world, (events) => events.some(({ type }) => type === "attempt-started"));
  const { control } = world;
  if (control === undefined) throw new Error("nobody supervises");
  const answers = [
    control.pause(by),
    control.unpause(by),
    control.pause(),
    control.unpause(),
    control.setBudget({ scope: { kind: "run" }, unit: "tokens", limit: 1_000_000, enforcement: "block" }, by),
    control.stopInstance("waits", { force: false, by }),
    control.retry(["waits"], by),
    control.stopInstance("at work", { force: false, by }),
  ];
  expect(answers.filter(({ ok }) => !ok)).toEqual([]);
  control.stop({ force: true, by });
  await advance(world, () => false);
  const told = new Set<RunEvent["type"]>(
    world.durable.filter((event) => wisherOf(event) !== undefined).map(({ type }) => type),
  );
  expect([...told].toSorted()).toEqual([
    "attempt-stopping",
    "budget-changed",
    "instance-settled",
    "run-paused",
    "run-reopened",
    "run-stopping",
    "run-unpaused",
  ]);
  expect(world.durable.filter(({ type }) => type === "run-paused").map((event) => wisherOf(event))).toEqual([
    by,
    undefined,
  ]);
});

async function advance(world: World, until: (events: readonly LoggedEvent[]) => boolean): Promise<void> {
  for (let alarms = 0; alarms < 1000; alarms += 1) {
    for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
    if (world.end !== undefined || until(world.durable) || !world.clock.fireNext()) return;
  }
}
