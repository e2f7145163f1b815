import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { calmly } from "./calmly.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first is told at once, many after it as one, and the last is never left out", () => {
  let told = 0;
  const { call } = calmly(
    () => (told += 1),
    () => 100,
  );
  call();
  expect(told).toBe(1);
  for (let times = 0; times < 50; times++) call();
  expect(told).toBe(1);
  vi.advanceTimersByTime(100);
  expect(told).toBe(2);
  vi.advanceTimersByTime(1_000);
  expect(told).toBe(2);
  call();
  expect(told).toBe(3);
});

test("nothing is told once nobody listens", () => {
  let told = 0;
  const { call, cancel } = calmly(
    () => (told += 1),
    () => 100,
  );
  call();
  call();
  cancel();
  vi.advanceTimersByTime(1_000);
  expect(told).toBe(1);
});

test("where it may be told sooner now, it is", () => {
  let told = 0;
  let everyMs = 1_000;
  const { call } = calmly(
    () => (told += 1),
    () => everyMs,
  );
  call();
  call();
  vi.advanceTimersByTime(500);
  expect(told).toBe(1);
  everyMs = 100;
  call();
  expect(told).toBe(2);
});
