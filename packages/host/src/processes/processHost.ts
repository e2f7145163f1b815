import { availableParallelism } from "node:os";
import type { MachineFacts } from "@claude-orchestrator/domain";
import type { Clock, ProcessHost } from "@claude-orchestrator/engine/ports";
import { createClock } from "../clock.ts";
import { choosePlatform } from "../platform/choosePlatform.ts";
import { adoptProcess } from "./adoptProcess.ts";
import { createContainment, type ContainmentFacts, type ContainmentWish } from "./containment.ts";
import { createOutputPump } from "./outputPump.ts";
import { startProcess } from "./runningProcess.ts";
import type { Machinery } from "./supervise.ts";
import { createTurns } from "./startTurns.ts";
import { createSweeper } from "./sweeper.ts";

export interface ProcessHostOptions {
  readonly clock?: Clock;
  /** Default `best`. */
  readonly containment?: ContainmentWish;
  /** The variable by which everything of the run is found: whatever keeps its namespaces carries it too. */
  readonly markerName?: string;
}

export interface LocalProcessHost extends ProcessHost {
  /**
   * Kills every process of every attempt before it returns, and hands on nothing more: the last resort of a program that
   * ends without settling (a second Ctrl-C, a bug of ours). On Windows and macOS it reaches the processes and their groups only.
   */
  killEverythingNow(): void;
  /** What this machine promises about processes left behind. Looked at once, which takes some hundredths of a second. */
  containment(): ContainmentFacts;
}

/** Runs processes on this machine. One timer reads all their outputs; none runs while no process does. */
export function createProcessHost(options: ProcessHostOptions = {}): LocalProcessHost {
  const clock = options.clock ?? createClock();
  const platform = choosePlatform();
  const now = (): number => clock.monotonic();
  const sweeper = createSweeper(platform, now);
  const mark = options.markerName === undefined ? undefined : { name: options.markerName };
  const containment = createContainment(platform, options.containment ?? "best", mark);
  const machinery: Machinery = { clock, platform, sweeper, containment, pump: createOutputPump(now) };

  return {
    turn: createTurns(),
    start: (spec, sink) => startProcess(machinery, spec, sink),
    adopt: (left, sink) => adoptProcess(machinery, left, sink),
    machine: () => machineFacts(containment.facts()),
    killEverythingNow: () => {
      containment.end();
      sweeper.killNow();
    },
    containment: () => containment.facts(),
  };
}

function machineFacts({ kind, promise }: ContainmentFacts): MachineFacts {
  const reaping =
    kind === "sweep" && process.pid === 1 && process.platform !== "win32"
      ? "; running as process 1 without an init, so ended grandchildren stay as zombies: give the container one (docker run --init)"
      : "";
  return {
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    cores: availableParallelism(),
    containment: `${promise}${reaping}`,
  };
}
