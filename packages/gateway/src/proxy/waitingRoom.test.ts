import { expect, test } from "vitest";
import { VirtualClock } from "../testing/virtualRoom.ts";
import { WaitingRoom } from "./waitingRoom.ts";
import type { Held, Wait } from "./waitingRoom.ts";

const place = {};
const held: Held = { is: "held", againInMs: undefined, isAtPlace: true };

function waitOf(parts: Partial<Wait> = {}): Wait {
  return { longestMs: 1000, signal: new AbortController().signal, priority: 0, since: 0, place, ...parts };
}

test("whoever waits is tried by priority, then by age, and with whoever comes anew", async () => {
  const room = new WaitingRoom(new VirtualClock());
  const tried: string[] = [];
  const enter = (name: string, wait: Partial<Wait>): void => {
    room.until(() => (tried.push(name), held), waitOf(wait)).catch(() => undefined);
  };
  enter("late", { since: 2 });
  enter("early", { since: 1 });
  tried.length = 0;
  enter("dear", { since: 3, priority: 1 });
  expect(tried).toEqual(["dear", "early", "late"]);
  expect(room.aheadOf(waitOf({ since: 4 }))).toBe(3);
});

test("one that waits for a budget is not tried for its place, but when room is made for all, or its time comes", async () => {
  const clock = new VirtualClock();
  const room = new WaitingRoom(clock);
  let tries = 0;
  const waiting = room.until(
    () => ((tries += 1) < 3 ? { ...held, againInMs: 10, isAtPlace: false } : { is: "done" as const }),
    waitOf(),
  );
  room.tryAt(place);
  expect(tries).toBe(1);
  room.tryAll();
  expect(tries).toBe(2);
  expect(await clock.runOut()).toBe(10);
  expect(await waiting).toEqual({ is: "done" });
});

test("one whose try fails fails alone: whoever made room goes on", async () => {
  const room = new WaitingRoom(new VirtualClock());
  let tries = 0;
  const failing = room.until(() => {
    tries += 1;
    if (tries > 1) throw new Error("a bug");
    return held;
  }, waitOf());
  expect(() => room.tryAt(place)).not.toThrow();
  await expect(failing).rejects.toThrow("a bug");
});

test("at the end of its wait each is tried once more, and is told that nothing is left", async () => {
  const clock = new VirtualClock();
  const room = new WaitingRoom(clock);
  const waiting = room.until((leftMs) => (leftMs <= 0 ? { is: "late" as const } : held), waitOf({ longestMs: 500 }));
  expect(await clock.runOut()).toBe(500);
  expect(await waiting).toEqual({ is: "late" });
});
