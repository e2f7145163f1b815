import type { Envelope } from "@claude-orchestrator/protocol";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLive } from "../testing/liveReader.ts";
import { progressed } from "../testing/sampleRun.ts";
import { startServerRig } from "../testing/serverRig.ts";
import type { ServerRig } from "../testing/serverRig.ts";

let rig: ServerRig;

beforeEach(async () => {
  rig = await startServerRig();
});

afterEach(() => rig[Symbol.asyncDispose]());

type EventsOf = Extract<Envelope, { kind: "events" }>;

function told(envelopes: readonly Envelope[]): readonly EventsOf[] {
  return envelopes.filter((each) => each.kind === "events");
}

function through(last: number): (envelopes: readonly Envelope[]) => true | undefined {
  return (envelopes) => (told(envelopes).at(-1)?.through === last ? true : undefined);
}

test("however long events are and wherever one begins, each is told once and in order", async () => {
  const lengths = fc.array(fc.constantFrom(10, 1_000, 40_000), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(lengths, fc.nat(30), async (sizes, start) => {
      const { id, log } = rig.addRun();
      for (const size of sizes) log.append(progressed("review", 1, "x".repeat(size)));
      await log.flush();
      const last = sizes.length + 1;
      const after = Math.min(start, last - 1);
      const path = `/api/live?runs=${id}&cursor=${id}:${after}`;
      const readers = await Promise.all(
        [1, 2].map(() => openLive({ port: rig.server.port, path, headers: rig.browser() })),
      );
      for (const reader of readers) {
        await reader.until(through(last));
        const events = told(reader.envelopes).flatMap((each) => each.events);
        expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: last - after }, (_, at) => after + at + 1));
        reader.close();
      }
    }),
    { numRuns: 6 },
  );
});

test("a page ends where it is long enough, so that many who come at once hold little on its way to them", async () => {
  const { id, log } = rig.addRun();
  for (let count = 0; count < 300; count += 1) log.append(progressed("review", 1, "x".repeat(2_000)));
  await log.flush();
  const reader = await openLive({ port: rig.server.port, path: `/api/live?runs=${id}`, headers: rig.browser() });
  await reader.until(through(301));
  expect(Math.max(...told(reader.envelopes).map(({ events }) => events.length))).toBeLessThan(40);
  reader.close();
});
