import { afterEach, describe, expect, test, vi } from "vitest";
import type { RunEvent } from "@claude-orchestrator/domain";
import { Channel } from "../io/channel.ts";
import type { Io } from "../io/channel.ts";
import { PaperTerminal } from "../testing/paperTerminal.ts";
import { created, logged, planned, progressed, runSettled, samplePlan, settled } from "../testing/sampleRun.ts";
import { noPaint } from "../views/text/paint.ts";
import { createDisplay } from "./display.ts";
import type { Display } from "./display.ts";

interface Watched {
  readonly screen: PaperTerminal;
  readonly io: Io;
  readonly display: Display;
}

/** A run of one instance on a terminal of 60 by 10, as far as it has been told. */
function watch(events: readonly RunEvent[], size: readonly [number, number] = [60, 10]): Watched {
  const screen = new PaperTerminal(...size);
  const channel = new Channel(screen, noPaint);
  const io: Io = { out: channel, talk: channel, env: { TERM: "xterm", LANG: "C.UTF-8" }, cwd: "/", verbose: false };
  const display = createDisplay(io, { json: false, quiet: false, verbose: false, plain: false });
  display.show(logged(events));
  return { screen, io, display };
}

const running: readonly RunEvent[] = [
  created(samplePlan(["review"])),
  { type: "run-started" },
  planned("review"),
  progressed("review", 100, "reading the code"),
];

afterEach(() => {
  vi.useRealTimers();
});

describe("a live display", () => {
  test("leaves nothing of its last frame, so that nothing untrue stands above the summary", () => {
    const { screen, io, display } = watch(running);
    expect(screen.text).toContain("running");
    display.show(logged([...running, settled("review"), runSettled()]).slice(running.length));
    display.end();
    io.out.write("✓ nightly succeeded\n");
    expect(screen.text).toBe("✓ nightly succeeded");
  });

  test("leaves nothing either where others wrote meanwhile: a warning of Node, our last words in a crash", () => {
    const { screen, io, display } = watch(running);
    io.talk.write("warning: something old is used\n");
    display.print("Stopping: agents are asked to end\n");
    io.talk.write("error: no stack left");
    display.end();
    display.end();
    io.talk.write("after the end\n");
    expect(screen.text).toBe(
      "warning: something old is used\nStopping: agents are asked to end\nerror: no stack left\nafter the end",
    );
  });

  test("takes a terminal that does not know its size for one of 80 columns", () => {
    expect(watch(running, [0, 0]).io.out.columns).toBe(80);
  });

  test("keeps a notice in sight until it is taken back", () => {
    vi.useFakeTimers();
    const { screen, display } = watch([created(samplePlan(["review"]))]);
    display.notice("the log stands still");
    display.print("said once\n");
    vi.advanceTimersByTime(200);
    expect(screen.text).toMatch(/^said once\nnightly .*\nthe log stands still\n/);
    display.notice(undefined);
    display.print("and again\n");
    vi.advanceTimersByTime(200);
    expect(screen.text).toMatch(/^said once\nand again\nnightly .*\n○/);
    display.end();
  });
});
