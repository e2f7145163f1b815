import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WaitingRoom } from "../proxy/waitingRoom.ts";
import { SimulatedApi } from "../testing/simulatedApi.ts";
import type { ApiBehaviour } from "../testing/simulatedApi.ts";
import { VirtualClock } from "../testing/virtualRoom.ts";
import type { Announcement } from "./announcement.ts";
import { Crossing } from "./crossing.ts";
import { TrafficLight } from "./trafficLight.ts";
import type { Slot } from "./trafficLight.ts";

interface Request {
  readonly arrivesAt: number;
  readonly priority: number;
  readonly lane: string;
  readonly headMs: number;
  readonly answerMs: number;
  /** ms after its arrival. */
  readonly goesAwayAt: number | undefined;
  /** ms after its arrival from which on its budget has room. */
  readonly budgetAt: number;
}

interface Fleet {
  readonly most: number;
  readonly api: ApiBehaviour;
  readonly requests: readonly Request[];
  readonly randoms: readonly number[];
}

const longWaitMs = 60_000;

/** Plays a fleet before an API with limits in virtual time, and checks at each step what must hold. */
class Play {
  readonly clock = new VirtualClock();
  readonly room = new WaitingRoom(this.clock);
  readonly light: TrafficLight;
  readonly crossing: Crossing;
  readonly api: SimulatedApi;
  readonly fleet: Fleet;
  readonly answered = new Set<Request>();
  readonly gone = new Set<Request>();
  readonly problems: string[] = [];
  /** Those at the light, not those that a budget holds. */
  readonly #atLight = new Set<Request>();
  /** What the API has said that was heard: per lane, and for all. */
  readonly #notBefore = new Map<string, number>();
  readonly #unheard = new Set<Slot>();
  #refusedAt = -1;
  #acceptedSince = Infinity;
  #at = 0;

  constructor(fleet: Fleet) {
    this.fleet = fleet;
    const random = (): number => fleet.randoms[(this.#at += 1) % fleet.randoms.length] ?? 0;
    this.light = new TrafficLight(random, fleet.most);
    this.crossing = new Crossing(this.room, this.light);
    this.api = new SimulatedApi(fleet.api);
  }

  /** Gives the time at which the last of it was over. */
  async run(): Promise<number> {
    for (const request of this.fleet.requests) void this.#ask(request);
    return this.clock.runOut();
  }

  async #ask(request: Request): Promise<void> {
    await this.clock.wait(request.arrivesAt);
    const since = this.clock.now();
    const leaving = new AbortController();
    if (request.goesAwayAt !== undefined) this.clock.after(request.goesAwayAt, () => leaving.abort(new Error("gone")));
    while (!this.answered.has(request)) {
      const slot = await this.#pass(request, since, leaving.signal);
      if (slot === undefined) return;
      await this.#answer(request, slot, leaving.signal);
      if (leaving.signal.aborted) return;
    }
  }

  async #pass(request: Request, since: number, signal: AbortSignal): Promise<Slot | undefined> {
    const { lane, priority, budgetAt } = request;
    let slot: Slot | undefined;
    this.#atLight.add(request);
    try {
      await this.crossing.pass({
        ask: () => {
          const retryInMs = since + budgetAt - this.clock.now();
          if (retryInMs <= 0) return { is: "granted", request: 1 };
          this.#atLight.delete(request);
          return { is: "held", retryInMs };
        },
        entered: (entered) => {
          slot = entered;
          this.#atLight.delete(request);
          this.#check(request, entered);
        },
        waits: () => undefined,
        lane,
        priority,
        since,
        longestMs: 1e9,
        signal,
      });
    } catch {
      this.gone.add(request);
    }
    this.#atLight.delete(request);
    return slot;
  }

  #check(request: Request, slot: Slot): void {
    const now = this.clock.now();
    const notBefore = Math.max(this.#notBefore.get(request.lane) ?? 0, this.#notBefore.get("") ?? 0);
    if (now < notBefore) this.problems.push(`sent at ${now}, announced ${notBefore}`);
    this.#unheard.add(slot);
    if (this.light.underWay > this.fleet.most) this.problems.push("more than allowed");
    if (this.#unheard.size > Math.max(1, 1 + this.#acceptedSince)) this.problems.push("no ramp");
    const better = [...this.#atLight].find((other) => other.lane === request.lane && isBefore(other, request, now));
    if (better !== undefined) this.problems.push("overtaken");
  }

  async #answer(request: Request, slot: Slot, signal: AbortSignal): Promise<void> {
    const said = this.api.enter(this.clock.now());
    // A refusal comes at once, an answer when there is one.
    await this.clock.wait(said.is === "accepted" ? request.headMs : Math.min(request.headMs, 50));
    this.#unheard.delete(slot);
    this.#note(request.lane, slot, said);
    this.crossing.heard(slot, said);
    if (said.is === "accepted") {
      if (!signal.aborted) await this.clock.wait(request.answerMs);
      this.api.leave();
      if (!signal.aborted) this.answered.add(request);
    }
    if (signal.aborted) this.gone.add(request);
    // Twice: whatever ends a request may end it again.
    this.crossing.leave(slot);
    this.crossing.leave(slot);
  }

  #note(lane: string, slot: Slot, { is, againInMs }: Announcement): void {
    const now = this.clock.now();
    if (is === "accepted") this.#acceptedSince += slot.sentAt >= this.#refusedAt ? 1 : 0;
    else if (slot.sentAt > this.#refusedAt) [this.#refusedAt, this.#acceptedSince] = [now, 0];
    if (is === "accepted" || againInMs === undefined) return;
    const place = is === "overloaded" ? "" : lane;
    this.#notBefore.set(place, Math.max(this.#notBefore.get(place) ?? 0, now + againInMs));
  }
}

/** By the promise, not by the code: who has waited long goes first, then by priority, then by age. */
function isBefore(a: Request, b: Request, now: number): boolean {
  const [longA, longB] = [a, b].map(({ arrivesAt }) => now - arrivesAt >= longWaitMs);
  if (longA !== longB) return longA === true;
  if (longA !== true && a.priority !== b.priority) return a.priority > b.priority;
  return a.arrivesAt < b.arrivesAt;
}

const fleets = fc.record<Fleet>({
  most: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 10 })),
  api: fc.record<ApiBehaviour>({
    concurrent: fc.integer({ min: 1, max: 20 }),
    window: fc.record({ requests: fc.integer({ min: 2, max: 60 }), ms: fc.integer({ min: 1000, max: 60_000 }) }),
    namesTime: fc.boolean(),
    overloaded: fc.tuple(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 0, max: 60_000 })),
    tellsRest: fc.boolean(),
  }),
  requests: fc
    .uniqueArray(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 40, size: "max" })
    .chain((times) =>
      fc.tuple(
        ...times.map((arrivesAt) =>
          fc.record<Request>({
            arrivesAt: fc.constant(arrivesAt),
            priority: fc.integer({ min: 0, max: 3 }),
            lane: fc.constantFrom("opus", "opus", "haiku"),
            headMs: fc.integer({ min: 1, max: 3000 }),
            answerMs: fc.integer({ min: 0, max: 90_000 }),
            goesAwayAt: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined, freq: 6 }),
            budgetAt: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 30_000 })),
          }),
        ),
      ),
    ),
  randoms: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 8 }),
});

describe("one light for all who ask", () => {
  test("lets everybody pass in the end, in order, never too many, never before the announced time, and leaks no place", async () => {
    await fc.assert(
      fc.asyncProperty(fleets, async (fleet) => {
        const play = new Play(fleet);
        const endedAt = await play.run();
        expect(play.problems).toEqual([]);
        expect(endedAt).toBeLessThan(6 * 3_600_000);
        expect(play.answered.size + play.gone.size).toBe(fleet.requests.length);
        expect(play.light.underWay).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test("lets few find out what an API bears: thirty at once behind five places are refused a handful of times", async () => {
    const play = new Play(storm({ concurrent: 5 }));
    const endedAt = await play.run();
    expect([play.answered.size, play.problems]).toEqual([30, []]);
    expect(play.api.refused).toBeLessThanOrEqual(6);
    // Six rounds of five are the least there is.
    expect(endedAt).toBeLessThan(2 * 6 * 10_000);
  });

  test("lets what was on its way find out that a window is used up, and hardly any where answers tell what is left of it", async () => {
    const window = { requests: 10, ms: 60_000 };
    const silent = new Play(storm({ window }));
    const telling = new Play(storm({ window, tellsRest: true }));
    for (const play of [silent, telling]) {
      await play.run();
      expect([play.answered.size, play.problems]).toEqual([30, []]);
    }
    expect(silent.api.refused).toBeLessThanOrEqual(16);
    expect(telling.api.refused).toBeLessThanOrEqual(2);
  });
});

test("whoever waits for longer than a second says so, and again every half minute", async () => {
  const clock = new VirtualClock();
  const room = new WaitingRoom(clock);
  const light = new TrafficLight(() => 0, 1);
  const crossing = new Crossing(room, light);
  const told: string[] = [];
  const enter = (since: number): Promise<unknown> =>
    crossing.pass({
      ask: () => ({ is: "granted", request: 1 }),
      entered: (slot) => void clock.after(70_500, () => crossing.leave(slot)),
      waits: (why, _, ahead) => told.push(`${clock.now()} ${why} ${ahead}`),
      lane: "opus",
      priority: 0,
      since,
      longestMs: 240_000,
      signal: new AbortController().signal,
    });
  const all = [0, 1, 2].map(enter);
  await clock.runOut();
  await Promise.all(all);
  expect(told.slice(0, 6)).toEqual([
    "1000 pace 0",
    "1000 pace 1",
    "31000 pace 0",
    "31000 pace 1",
    "61000 pace 0",
    "61000 pace 1",
  ]);
});

/** Thirty that ask within a tenth of a second. */
function storm(api: Partial<ApiBehaviour>): Fleet {
  const one: Omit<Request, "arrivesAt"> = {
    priority: 0,
    lane: "opus",
    headMs: 500,
    answerMs: 9500,
    goesAwayAt: undefined,
    budgetAt: 0,
  };
  const unlimited = {
    concurrent: 100,
    window: { requests: 1000, ms: 60_000 },
    namesTime: true,
    overloaded: [0, 0],
    tellsRest: false,
  } as const;
  return {
    most: Infinity,
    api: { ...unlimited, ...api },
    requests: Array.from({ length: 30 }, (_, at) => ({ ...one, arrivesAt: 1 + at * 3 })),
    randoms: [0.5],
  };
}
