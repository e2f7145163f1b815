/** Programs that do not want to end, through the built program: a timeout, Ctrl-C once and twice, other signals. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { textLine } from "@claude-orchestrator/testkit";
import { aroundOf, claude, command, factsOf, startFaults, tokensOf, untouched } from "./rig.ts";
import type { Behaviour, FaultEnd, FaultRun } from "./rig.ts";

const ignoring = "ignoresSignals.sh";
const asCommand: Behaviour = { fixture: ignoring, text: "ready" };
const asClaude: Behaviour = {
  fixture: ignoring,
  text: JSON.stringify(textLine("ready", { id: "msg_ready", tokens: { input: 13, output: 8 } })),
};

const stubborn = [command("stubborn", asCommand), claude("claude stubborn", asClaude)] as const;
const killed = { exit: { signal: "SIGKILL", swept: 0 }, unreadable: 0 } as const;

/** Until both have said something and the neighbour is done: from then on a signal finds them all as they will be. */
async function untilAllAreThere(run: FaultRun): Promise<void> {
  const isReady = (instance: string) => (event: LoggedEvent) =>
    event.type === "attempt-progressed" &&
    event.instance === instance &&
    event.activity.some(({ text }) => text === "ready");
  for (const { fields } of stubborn) await run.event(isReady(fields.name));
  await run.event((event) => event.type === "instance-settled" && event.instance === "neighbour");
}

describe("a timeout", () => {
  let run: FaultRun;
  let end: FaultEnd;

  beforeAll(async () => {
    run = await startFaults([
      command("stubborn", asCommand, { timeout: "5s" }),
      claude("claude stubborn", asClaude, { timeout: "5s" }),
    ]);
    end = await run.ended;
  });

  afterAll(() => run[Symbol.asyncDispose]());

  test("ends a program that ignores every polite signal by force", () => {
    const timedOut = { ...killed, verdict: "timed_out", reason: "was still running after 5s (timeout)" };
    expect(factsOf(end, "stubborn")).toMatchObject(timedOut);
    expect(factsOf(end, "claude stubborn")).toMatchObject(timedOut);
    expect(tokensOf(end, "claude stubborn")).toMatchObject({ input: 13, output: 8, final: false });
    expect([end.exitCode, aroundOf(end)]).toEqual([1, untouched]);
  });
});

describe.each([
  { title: "Ctrl-C", signals: ["SIGINT"], exitCode: 130, forced: false },
  { title: "Ctrl-C twice", signals: ["SIGINT", "SIGINT"], exitCode: 130, forced: true },
  { title: "SIGTERM, then Ctrl-C", signals: ["SIGTERM", "SIGINT"], exitCode: 143, forced: true },
  { title: "SIGHUP twice", signals: ["SIGHUP", "SIGHUP"], exitCode: 143, forced: true },
] as const)("$title", ({ signals, exitCode, forced }) => {
  test("ends programs that ignore every polite signal, and settles what has not begun", async () => {
    const later = command("later", [], { needs: ["stubborn"] });
    await using run = await startFaults([...stubborn, later]);
    await untilAllAreThere(run);
    expect((await run.alive()).length).toBeGreaterThanOrEqual(stubborn.length);
    for (const signal of signals) {
      run.signal(signal);
      // The second one means something else only once the first was taken.
      await run.event((event) => event.type === "run-stopping");
    }
    const end = await run.ended;
    const stopped = { ...killed, verdict: "stopped", reason: "stopped on request" };
    expect(factsOf(end, "stubborn")).toMatchObject(stopped);
    expect(factsOf(end, "claude stubborn")).toMatchObject(stopped);
    expect(tokensOf(end, "claude stubborn")).toMatchObject({ input: 13, output: 8, final: false });
    expect([end.verdicts["later"], end.reasons["later"]]).toEqual(["stopped", "stopped before it began"]);
    expect(end.events.some((event) => event.type === "run-stopping" && event.force)).toBe(forced);
    expect([end.exitCode, aroundOf(end)]).toEqual([exitCode, untouched]);
  });
});
