import { connect } from "node:net";
import type { LoggedEvent, RunEvent } from "@claude-orchestrator/domain";
import type { Envelope } from "@claude-orchestrator/protocol";
import { envelope } from "@claude-orchestrator/protocol";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openLive } from "../testing/liveReader.ts";
import type { LiveReader } from "../testing/liveReader.ts";
import { progressed, settled } from "../testing/sampleRun.ts";
import { startServerRig } from "../testing/serverRig.ts";
import type { ServerRig } from "../testing/serverRig.ts";

let rig: ServerRig;

beforeEach(async () => {
  rig = await startServerRig();
});

afterEach(() => rig[Symbol.asyncDispose]());

function listen(query: string, headers: Readonly<Record<string, string>> = {}): Promise<LiveReader> {
  const path = `/api/live?${query}`;
  return openLive({ port: rig.server.port, path, headers: { ...rig.browser(), ...headers } });
}

type EventsOf = Extract<Envelope, { kind: "events" }>;

function eventsOf(run: string, envelopes: readonly Envelope[]): readonly EventsOf[] {
  return envelopes.filter((each) => each.kind === "events").filter((each) => each.run === run);
}

/** The numbers of all events of a run that were told, in the order in which they came. */
function toldOf(run: string, envelopes: readonly Envelope[]): readonly number[] {
  return eventsOf(run, envelopes).flatMap(({ events }) => events.map(({ seq }) => seq));
}

function hasAll(run: string, last: number): (envelopes: readonly Envelope[]) => true | undefined {
  return (envelopes) => (eventsOf(run, envelopes).at(-1)?.through === last ? true : undefined);
}

const upTo = (last: number, from = 1): readonly number[] =>
  Array.from({ length: last - from + 1 }, (_each, at) => from + at);

function say(text: string): RunEvent {
  return progressed("review", 1, text);
}

describe("a live stream", () => {
  test("tells every event once and in order, whatever the pace and whenever one begins to listen", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 4 }), async (batches) => {
        const { id, log } = rig.addRun();
        const readers: LiveReader[] = [];
        let last = 1;
        for (const size of batches) {
          readers.push(await listen(`runs=${id}`));
          for (let count = 0; count < size; count += 1) log.append(say(`line ${(last += 1)}`));
          await log.flush();
        }
        for (const reader of readers) {
          await reader.until(hasAll(id, last));
          expect(toldOf(id, reader.envelopes)).toEqual(upTo(last));
          expect(reader.envelopes.map(({ n }) => n)).toEqual(upTo(reader.envelopes.length));
          expect(reader.envelopes.filter((each) => !envelope.safeParse(each).success)).toEqual([]);
          reader.close();
        }
      }),
      { numRuns: 6 },
    );
  });

  test("goes on after a restart of the server where its cursor stood, with nothing lost and nothing told twice", async () => {
    const { id, log } = rig.addRun();
    const told: number[] = [];
    let last = 1;
    let cursor = "";
    for (let round = 0; round < 3; round += 1) {
      const reader = await listen(`runs=${id}`, cursor === "" ? {} : { "last-event-id": cursor });
      for (let count = 0; count < 100; count += 1) log.append(say(`line ${(last += 1)}`));
      await log.flush();
      await reader.until((envelopes) => eventsOf(id, envelopes)[0]);
      // Written while the server ends, and while there is none.
      for (let count = 0; count < 50; count += 1) log.append(say(`line ${(last += 1)}`));
      await Promise.all([rig.restart(), log.flush()]);
      await reader.until(() => undefined);
      expect(reader.envelopes.at(-1)?.kind).toBe("draining");
      told.push(...toldOf(id, reader.envelopes));
      cursor = reader.cursor;
    }
    const reader = await listen(`runs=${id}`, { "last-event-id": cursor });
    await reader.until((envelopes) => envelopes.find((each) => each.kind === "caught-up"));
    expect([...told, ...toldOf(id, reader.envelopes)]).toEqual(upTo(last));
    reader.close();
  });

  test("tells the whole past of a long run before it says that what comes is new", async () => {
    const { id, log } = rig.addRun();
    for (let line = 2; line <= 1500; line += 1) log.append(say(`line ${line}`));
    await log.flush();
    const reader = await listen(`runs=${id}`);
    const caughtUp = await reader.until((all) => all.find((each) => each.kind === "caught-up"));
    expect(caughtUp).toMatchObject({ run: id, through: 1500 });
    expect(toldOf(id, reader.envelopes)).toEqual(upTo(1500));
    reader.close();
  });

  test("lists the runs, tells of new ones and of what becomes of them", async () => {
    const first = rig.addRun();
    await first.log.flush();
    const reader = await listen("");
    const list = await reader.until((all) => all.find((each) => each.kind === "runs"));
    expect(list?.runs.map(({ run, status }) => [run, status])).toEqual([[first.id, "interrupted"]]);
    const second = rig.addRun();
    await second.log.flush();
    // Whoever asks for the list meanwhile takes nothing away from those who listen.
    await rig.askSigned("/api/runs");
    await reader.until((all) => all.find((each) => each.kind === "run" && each.run.run === second.id));
    first.log.append(settled("review"));
    first.log.append({ type: "run-settled", outcome: "succeeded", exitCode: 0, durationMs: 5 });
    await first.log.flush();
    const end = await reader.until((all) => all.find((each) => each.kind === "run" && each.run.status === "succeeded"));
    expect(end).toMatchObject({ kind: "run", run: { run: first.id, verdicts: { succeeded: 1 } } });
    reader.close();
  });

  test("changes whose events it tells when it is asked to, and only its own", async () => {
    const [one, other] = [rig.addRun([say("a"), say("b")]), rig.addRun([say("c")])];
    await Promise.all([one.log.flush(), other.log.flush()]);
    const headers = rig.browser();
    const reader = await openLive({ port: rig.server.port, path: "/api/live?list=false", headers });
    const hello = await reader.until((all) => all.find((each) => each.kind === "hello"));
    const path = `/api/live/${hello?.stream ?? ""}/topics`;
    const body = { runs: [{ run: one.id, after: 2 }, { run: "run_0000000000" }, { run: other.id }] };
    expect((await rig.askSigned(path, { method: "PUT", body })).status).toBe(404);
    expect((await rig.ask(path, { method: "PUT", body, headers })).status).toBe(200);
    await reader.until((all) => (all.filter((each) => each.kind === "caught-up").length === 2 ? true : undefined));
    expect([toldOf(one.id, reader.envelopes), toldOf(other.id, reader.envelopes)]).toEqual([[3], [1, 2]]);
    expect(reader.envelopes.filter((each) => each.kind === "run-lost").map(({ run }) => run)).toEqual([
      "run_0000000000",
    ]);
    reader.close();
  });

  test("cuts off a reader who takes nothing, without a gap for the others", async () => {
    const { id, log } = rig.addRun();
    await log.flush();
    const stalled = await stalledReader(id);
    const reader = await listen(`runs=${id}`);
    await reader.until((all) => all.find((each) => each.kind === "caught-up"));
    const text = "x".repeat(50_000);
    let last = 1;
    for (let round = 0; round < 40; round += 1) {
      for (let count = 0; count < 10; count += 1) log.append(say(`${(last += 1)} ${text}`));
      await log.flush();
      await reader.until(hasAll(id, last));
    }
    expect(toldOf(id, reader.envelopes)).toEqual(upTo(last));
    const { text: taken, wasCut } = await stalled();
    expect(taken.includes('"kind":"resync"') || wasCut).toBe(true);
    expect(taken).not.toContain(`"text":"${last} `);
    expect(taken.length).toBeLessThan(20_000_000);
    reader.close();
  });

  test("is told over a WebSocket in the same batches", async () => {
    const { id, log } = rig.addRun([say("a")]);
    await log.flush();
    const { port } = rig.server;
    const token = rig.book.createToken({ name: "socket", lastsMs: 60_000, canChange: false });
    const options = { headers: { authorization: `Bearer ${token}` } };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live?runs=${id}`, options);
    const envelopes: Envelope[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("error", () => reject(new Error("the socket failed")));
      socket.addEventListener("message", ({ data }) => {
        envelopes.push(...(JSON.parse(String(data)) as { envelopes: Envelope[] }).envelopes);
        if (envelopes.length === 4) resolve();
      });
    });
    socket.close();
    expect(envelopes.map(({ kind }) => kind).toSorted()).toEqual(["caught-up", "events", "hello", "runs"]);
    expect(eventsOf(id, envelopes)[0]?.events.map((event) => (event as unknown as LoggedEvent).type)).toEqual([
      "run-created",
      "attempt-progressed",
    ]);
  });

  test.each(["cursor=nonsense", "runs=../../etc", "cursor=run_aaaaaaaaaa:-1"])("refuses %s", async (query) => {
    expect((await rig.askSigned(`/api/live?${query}`)).status).toBe(400);
  });
});

/**
 * A connection that asks for a stream and reads nothing of it until the answer is called, and then to its last words: those, where they
 * still came, else it was cut off without.
 */
async function stalledReader(run: string): Promise<() => Promise<{ readonly text: string; readonly wasCut: boolean }>> {
  const { cookie = "" } = rig.browser();
  const socket = connect(rig.server.port, "127.0.0.1");
  const head = `Host: 127.0.0.1:${rig.server.port}\r\nCookie: ${cookie}\r\n\r\n`;
  socket.write(`GET /api/live?runs=${run} HTTP/1.1\r\n${head}`);
  await new Promise((resolve) => socket.once("readable", resolve));
  socket.pause();
  return async () => {
    let text = "";
    try {
      for await (const part of socket) {
        text += String(part);
        if (text.includes('"kind":"resync"')) return { text, wasCut: false };
      }
    } catch {
      // The server has closed what nobody took.
    }
    return { text, wasCut: true };
  };
}
