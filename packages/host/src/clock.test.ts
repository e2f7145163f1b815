import { describe, expect, test } from "vitest";
import { createClock } from "./clock.ts";

describe("the clock", () => {
  const clock = createClock();

  test("calls an action once its time has come, those already due in order", async () => {
    const called: string[] = [];
    const began = clock.monotonic();
    await new Promise<void>((resolve) => {
      clock.after(-5, () => called.push("past"));
      clock.after(0, () => called.push("now"));
      clock.after(30, () => {
        called.push("later");
        resolve();
      });
    });
    expect(called).toEqual(["past", "now", "later"]);
    expect(clock.monotonic() - began).toBeGreaterThanOrEqual(29);
  });

  test("waits longer than a timer can hold, and can be told not to", async () => {
    const called: string[] = [];
    const cancel = clock.after(60 * 24 * 3_600_000, () => called.push("in sixty days"));
    const cancelled = clock.after(1, () => called.push("cancelled"));
    cancelled();
    await new Promise<void>((resolve) => clock.after(20, resolve));
    cancel();
    expect(called).toEqual([]);
  });

  test("never goes back", () => {
    const first = clock.monotonic();
    expect(clock.monotonic()).toBeGreaterThanOrEqual(first);
  });
});
