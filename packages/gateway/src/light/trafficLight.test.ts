import { describe, expect, test } from "vitest";
import type { Announcement, Quota } from "./announcement.ts";
import { TrafficLight } from "./trafficLight.ts";
import type { Slot } from "./trafficLight.ts";

const accepted: Announcement = { is: "accepted", quotas: [] };
const limited = (againInMs?: number): Announcement => ({
  is: "limited",
  quotas: [],
  ...(againInMs === undefined ? {} : { againInMs }),
});

/** A light with no chance in it. */
function createLight(most?: number): TrafficLight {
  return new TrafficLight(() => 0, most);
}

/** All that may go now do. */
function letGo(light: TrafficLight, now: number, lane = "opus"): Slot[] {
  const gone: Slot[] = [];
  while (light.look(lane, now).is === "go" && gone.length < 1000) gone.push(light.enter(lane, now));
  return gone;
}

function refuse(light: TrafficLight, slot: Slot, now: number, said: Announcement = limited(1000)): void {
  light.heard(slot, said, now);
  light.leave(slot);
}

describe("after a refusal", () => {
  test("nothing goes before the announced time, then one, then two, and with each round that is accepted about one more", () => {
    const light = createLight();
    const [first, ...others] = letGo(light, 0);
    expect(others.length).toBe(7);
    for (const each of [first as Slot, ...others]) refuse(light, each, 10);
    expect(light.look("opus", 1009)).toEqual({ is: "wait", forMs: 1, why: "limit" });
    const sizes: number[] = [];
    for (let now = 1010; now < 1070; now += 10) {
      const gone = letGo(light, now);
      sizes.push(gone.length);
      for (const each of gone) {
        light.heard(each, accepted, now);
        light.leave(each);
      }
    }
    expect(sizes).toEqual([1, 2, 2, 3, 4, 4]);
  });

  test("that names no time the pauses double, until something is accepted", () => {
    const light = createLight();
    const pauses: number[] = [];
    let now = 0;
    const refuseOnce = (): void => {
      refuse(light, light.enter("opus", now), now, limited());
      const signal = light.look("opus", now);
      const pause = signal.is === "wait" ? (signal.forMs ?? 0) : 0;
      pauses.push(pause);
      now += pause;
    };
    for (let at = 0; at < 7; at += 1) refuseOnce();
    light.heard(light.enter("opus", now), accepted, now + 1);
    refuseOnce();
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 1000]);
  });

  test("other models go on; when the API is overloaded none does", () => {
    const light = createLight();
    refuse(light, light.enter("opus", 0), 0);
    expect(light.look("haiku", 1).is).toBe("go");
    refuse(light, light.enter("haiku", 1), 1, { is: "overloaded", againInMs: 5000, quotas: [] });
    expect(light.look("haiku", 4000)).toEqual({ is: "wait", forMs: 1001, why: "overload" });
    expect(light.look("sonnet", 4000).is).toBe("wait");
  });

  test("as many go on as the API bears at that time, and one more is tried only after a while", () => {
    const light = createLight();
    const borne = [1, 2, 3, 4, 5].map((at) => light.enter("opus", at));
    for (const each of borne) light.heard(each, accepted, 10);
    refuse(light, light.enter("opus", 11), 20);
    expect(light.look("opus", 2000)).toEqual({ is: "wait", forMs: 13_020, why: "pace" });
    light.leave(borne[0] as Slot);
    expect(letGo(light, 2000).length).toBe(1);
    const [retrial, ...more] = letGo(light, 15_020);
    expect([light.underWay, more]).toEqual([6, []]);
    refuse(light, retrial as Slot, 15_030);
    expect(light.look("opus", 40_000)).toEqual({ is: "wait", forMs: 5030, why: "pace" });
  });

  test("that a spent window is the reason for, what waits is not held by what is under way", () => {
    const light = createLight();
    const streams = letGo(light, 0);
    for (const each of streams) light.heard(each, accepted, 1);
    refuse(light, light.enter("opus", 2), 3, { ...limited(1000), quotas: [quota({ remaining: 0, fullInMs: 1000 })] });
    expect(letGo(light, 1003).length).toBe(1);
  });
});

function quota(parts: Partial<Quota>): Quota {
  return { of: "requests", limit: 10, remaining: 10, fullInMs: 10_000, ...parts };
}

describe("what answers tell of what is left", () => {
  test("is used up by what is on its way as well, and comes back bit by bit", () => {
    const light = createLight();
    const slot = light.enter("opus", 0);
    light.heard(slot, { ...accepted, quotas: [quota({ remaining: 2 })] }, 0);
    light.leave(slot);
    expect(letGo(light, 0).length).toBe(2);
    expect(light.look("opus", 0)).toEqual({ is: "wait", forMs: 1250, why: "limit" });
    expect(light.look("haiku", 0).is).toBe("go");
    expect(letGo(light, 1250).length).toBe(1);
  });

  test("holds nobody for more than two minutes: only a refusal is sure", () => {
    const light = createLight();
    const slot = light.enter("opus", 0);
    light.heard(slot, { ...accepted, quotas: [{ of: "tokens", remaining: 0, fullInMs: 1e9 }] }, 0);
    light.leave(slot);
    expect(light.look("opus", 0)).toEqual({ is: "wait", forMs: 120_000, why: "limit" });
    expect(light.look("opus", 120_000).is).toBe("go");
  });
});

describe("without a refusal", () => {
  test("a burst grows as fast as it is accepted, and whoever is not refused for five seconds counts as accepted", () => {
    const light = createLight();
    expect(letGo(light, 0).length).toBe(8);
    expect(light.look("opus", 1000)).toEqual({ is: "wait", forMs: 4000, why: "pace" });
    expect(letGo(light, 5000).length).toBe(16);
    expect(letGo(light, 10_000).length).toBe(32);
    expect(letGo(light, 15_000).length).toBe(32);
  });

  test("no more are under way than was asked for", () => {
    const light = createLight(3);
    const [first] = letGo(light, 0);
    expect([light.underWay, light.look("opus", 9000)]).toEqual([3, { is: "wait", forMs: undefined, why: "pace" }]);
    light.leave(first as Slot);
    expect(letGo(light, 9000).length).toBe(1);
  });
});
