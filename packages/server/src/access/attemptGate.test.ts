import fc from "fast-check";
import { expect, test } from "vitest";
import { Refusal } from "../http/refusal.ts";
import { AttemptGate, sourceOf } from "./attemptGate.ts";

function refusalOf(gate: AttemptGate, address: string): Refusal | undefined {
  try {
    gate.pass(address);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal && error.status === 429) return error;
    throw error;
  }
}

function isOpen(gate: AttemptGate, address: string): boolean {
  return refusalOf(gate, address) === undefined;
}

test("ten mistakes are free, then one in six seconds; another source has its own ten", () => {
  let now = 0;
  const gate = new AttemptGate(() => now);
  for (let count = 0; count < 10; count += 1) {
    expect(isOpen(gate, "203.0.113.9")).toBe(true);
    gate.failed("203.0.113.9");
  }
  expect([isOpen(gate, "203.0.113.9"), isOpen(gate, "203.0.113.10")]).toEqual([false, true]);
  now += 6000;
  expect(isOpen(gate, "203.0.113.9")).toBe(true);
  gate.failed("203.0.113.9");
  expect(isOpen(gate, "203.0.113.9")).toBe(false);
  now += 60_000;
  expect(isOpen(gate, "203.0.113.9")).toBe(true);
});

test("a hundred mistakes of many sources close it for all, for a moment", () => {
  let now = 0;
  const gate = new AttemptGate(() => now);
  for (let count = 0; count < 100; count += 1) gate.failed(`203.0.113.${count}`);
  expect(isOpen(gate, "198.51.100.1")).toBe(false);
  now += 600;
  expect(isOpen(gate, "198.51.100.1")).toBe(true);
});

test("of whoever is refused it says when to come again, and that is so", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4000), { minLength: 11, maxLength: 60 }), (waits) => {
      let now = 0;
      const gate = new AttemptGate(() => now);
      for (const wait of waits) {
        now += wait;
        const told = refusalOf(gate, "203.0.113.9")?.retryAfterSeconds ?? 0;
        now += told * 1000;
        expect(isOpen(gate, "203.0.113.9")).toBe(true);
        gate.failed("203.0.113.9");
      }
    }),
  );
});

test("a secret that was good is known again, of as many as are kept in mind", () => {
  const gate = new AttemptGate(() => 0);
  gate.good("first");
  expect([gate.wasGood("first"), gate.wasGood("second")]).toEqual([true, false]);
  for (let count = 0; count < 1000; count += 1) gate.good(`other ${count}`);
  expect([gate.wasGood("first"), gate.wasGood("other 0")]).toEqual([false, true]);
});

test.each([
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["::FFFF:203.0.113.9", "203.0.113.9"],
  ["2001:db8:0:1:aaaa::1", "2001:db8:0:1::/64"],
  ["2001:0DB8:0000:0001:ffff:ffff:ffff:ffff", "2001:db8:0:1::/64"],
  ["2001:db8::5", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["nonsense", "nonsense"],
])("%s is of the source %s", (address, source) => expect(sourceOf(address)).toBe(source));
