import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
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

/** A steady clock that the test moves, beside timers that ring by the real one. */
function createHandClock() {
  let now = 1000;
  const clock = createClock({ steady: () => now, beatMs: 60_000, gapMs: 10_000 });
  return { clock, pass: (ms: number) => void (now += ms) };
}

describe("R25: over a sleep", () => {
  test("no time passes: a gap of more than the threshold is left out, a shorter one counts", () => {
    const { clock, pass } = createHandClock();
    const began = clock.monotonic();
    pass(9_000);
    expect(clock.monotonic() - began).toBe(9_000);
    pass(8 * 3_600_000);
    expect(clock.monotonic() - began).toBe(9_000);
    pass(500);
    expect(clock.monotonic() - began).toBe(9_500);
  });

  test("nothing rings that has time left, however long it lasted", async () => {
    const { clock, pass } = createHandClock();
    const rung: string[] = [];
    const cancel = clock.after(40, () => rung.push("limit"));
    pass(8 * 3_600_000);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(rung).toEqual([]);
    pass(40);
    await new Promise<void>((resolve) => clock.after(0, resolve));
    while (rung.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(rung).toEqual(["limit"]);
    cancel();
  });

  test("whatever is passed and slept, the clock never goes back and counts exactly the time awake", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 10_000 }), fc.boolean())), (steps) => {
        const { clock, pass } = createHandClock();
        let awake = clock.monotonic();
        for (const [ms, sleeps] of steps) {
          pass(sleeps ? ms + 10_001 : ms);
          if (!sleeps) awake += ms;
          expect(clock.monotonic()).toBe(awake);
        }
      }),
    );
  });

  test.skipIf(process.platform === "win32")(
    "a program that is stopped for long finds its limits where they were (SIGSTOP, SIGCONT)",
    async () => {
      const module = new URL("clock.ts", import.meta.url).href;
      // Two limits: were the stop counted, both would ring at once and early. It tells how long it was awake.
      const script = `import { createClock } from ${JSON.stringify(module)};
        const clock = createClock({ beatMs: 20, gapMs: 500 });
        const began = clock.monotonic();
        const tell = (name) => console.log(name, clock.monotonic() - began >= Number(name));
        clock.after(400, () => tell("400"));
        clock.after(600, () => tell("600"));
        console.log("ready");`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      expect((await lines.next()).value).toBe("ready");
      child.kill("SIGSTOP");
      // Longer than all that it waits for: nothing but time can pass here.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      child.kill("SIGCONT");
      expect([(await lines.next()).value, (await lines.next()).value]).toEqual(["400 true", "600 true"]);
    },
    20_000,
  );
});

test("R24: a wall clock set forth or back by an hour moves nothing", async () => {
  const clock = createClock();
  const began = clock.monotonic();
  const wall = vi.spyOn(Date, "now");
  try {
    for (const hour of [3_600_000, -3_600_000]) {
      wall.mockReturnValue(performance.timeOrigin + performance.now() + hour);
      const rung: string[] = [];
      const cancel = clock.after(3_599_000, () => rung.push("early"));
      await new Promise<void>((resolve) => clock.after(10, resolve));
      cancel();
      expect(rung).toEqual([]);
    }
    expect(clock.monotonic() - began).toBeGreaterThanOrEqual(19);
    expect(clock.monotonic() - began).toBeLessThan(3_000_000);
  } finally {
    wall.mockRestore();
  }
});
