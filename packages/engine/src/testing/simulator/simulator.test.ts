import { expect, test } from "vitest";
import { play } from "./play.ts";

/** Beside the fixed seeds, as many that nobody has seen before: a failure names the seed that repeats it. */
const schedules = 1500;
const fixedSeed = 1;

async function brokenFrom(first: number): Promise<readonly string[]> {
  const broken: string[] = [];
  for (let seed = first; seed < first + schedules; seed += 1) {
    const played = await play(seed);
    broken.push(...played.broken.map((what) => `seed ${seed}: ${what}`));
  }
  return broken;
}

test("whatever is killed whenever, the run is taken up and comes to its end with every promise kept", async () => {
  expect(await brokenFrom(fixedSeed)).toEqual([]);
});

test("so it does under schedules nobody has seen before", async () => {
  const wished = Number(process.env["SIMULATION_SEED"] ?? Number.NaN);
  expect(await brokenFrom(Number.isSafeInteger(wished) ? wished : Math.floor(Math.random() * 2 ** 31))).toEqual([]);
});

test("a seed plays the same log again", async () => {
  expect((await play(7)).events).toEqual((await play(7)).events);
});

test("supervisors are really killed in the middle, and agents adopted as well as begun anew", async () => {
  const played = await Promise.all(Array.from({ length: 100 }, (_, seed) => play(seed)));
  const seen = new Set(played.flatMap(({ events }) => events.map(({ type }) => type)));
  expect(played.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThan(50);
  expect(
    ["run-resumed", "attempt-adopted", "run-reopened", "run-paused"].filter((type) => !seen.has(type as never)),
  ).toEqual([]);
});
