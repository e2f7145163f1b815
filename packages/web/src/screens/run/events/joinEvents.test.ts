import type { LoggedEvent } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { joinEvents } from "./joinEvents.ts";

function events(from: number, to: number): readonly LoggedEvent[] {
  const length = Math.max(0, to - from + 1);
  return Array.from({ length }, (_, at) => ({ type: "run-started", seq: from + at, at: 0 }) as const);
}

test("however what was read and what is told overlap, each event is there once and in order", () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(40), fc.nat(40), (read, overlap, more) => {
      const earlier = events(1, read);
      const newest = events(Math.max(1, read + 1 - overlap), read + more);
      expect(joinEvents(earlier, newest)).toEqual(events(1, read + more));
    }),
  );
});
