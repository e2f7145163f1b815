import { readdirSync, rmSync, watch } from "node:fs";
import { join } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import { acquireRunLock } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { endingSignals } from "../program/endingSignals.ts";
import { programName } from "../program/version.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import { counted } from "../views/words.ts";
import { ScheduleDaemon } from "./daemon.ts";
import { readSlotTimes } from "./slotTimes.ts";
import { startSlot, stopSlot } from "./startSlot.ts";
import { openSchedules, stateFolder } from "./stateFolder.ts";
import { eventWords } from "./words.ts";

/**
 * `schedule daemon`: fires the slots of all schedules until it is asked to end. One per person, by a lock of the kernel. The
 * runs it started go on without it.
 *
 * @throws UserError run-busy where another daemon is at it; log-not-usable
 */
export async function runDaemon(io: Io): Promise<number> {
  const folder = stateFolder(io);
  const log = openSchedules(io);
  const lock = acquireRunLock(folder);
  if (lock === undefined) {
    log.close();
    throw new UserError("run-busy", `A daemon fires the schedules of ${folder} already`, {
      hint: `\`${programName} schedule status\` tells about it; a second one is never needed`,
    });
  }
  sweepNotes(folder);
  const alarm = new Alarm();
  const ending = Promise.withResolvers<"asked">();
  const handlers = endingSignals.map((signal) => ({ signal, handler: (): void => ending.resolve("asked") }));
  for (const { signal, handler } of handlers) process.on(signal, handler);
  const stopWatching = watchFolder(folder, () => alarm.wake());
  const daemon = new ScheduleDaemon({
    log,
    wall: () => Date.now(),
    monotonic: () => performance.now(),
    random: Math.random,
    timesOf: ({ cron, zone }) => readSlotTimes(cron, zone),
    start: (schedule, slot) => startSlot(schedule, slot, io),
    stop: (schedule, run) => stopSlot(schedule, run, io),
    tell: (schedule, event) => io.talk.write(`${cleanLine(eventWords(schedule, event))}\n`),
    trouble: tellOnce(io, ending.reject),
    wake: () => alarm.wake(),
  });
  io.talk.write(
    `The schedules of ${folder} are fired from here (${counted(log.read().size, "schedule")}); Ctrl-C ends it\n`,
  );
  try {
    while ((await Promise.race([alarm.wait(daemon.look()), ending.promise])) !== "asked");
    io.talk.write("No more slots are fired; what was started goes on\n");
    return 0;
  } finally {
    stopWatching();
    alarm.cancel();
    for (const { signal, handler } of handlers) process.off(signal, handler);
    log.close();
    lock.release();
  }
}

/** What the starts of a daemon that was killed have printed; nobody waits for it any more. */
function sweepNotes(folder: string): void {
  const notes = readdirSync(folder).filter((name) => /^(start|stop)-run_[0-9a-z]+\.txt$/.test(name));
  for (const name of notes) rmSync(join(folder, name), { force: true });
}

/** Waits that can be cut short. */
class Alarm {
  #timer: NodeJS.Timeout | undefined;
  #ring: (() => void) | undefined;
  #hasRung = false;

  /** Settles after so long, at the next `wake`, or at once where that was called since the last wait. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#ring = resolve;
      this.#timer = setTimeout(() => this.wake(), this.#hasRung ? 0 : ms);
      this.#hasRung = false;
    });
  }

  wake(): void {
    this.#hasRung = this.#ring === undefined;
    this.cancel();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#ring?.();
    this.#ring = undefined;
  }
}

/** A schedule added by another program is seen at once where the system tells of it, else at the next look. */
function watchFolder(folder: string, onChange: () => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, onChange);
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch {
    // Not on this file system, or no watch is left: the wall clock is looked at often enough.
    return () => undefined;
  }
}

/** What a person can put right is said once, for it is tried again at each look; a bug ends the daemon. */
function tellOnce(io: Io, crash: (error: unknown) => void): (error: unknown) => void {
  const told = new Set<string>();
  return (error) => {
    if (!(error instanceof UserError)) {
      crash(error);
      return;
    }
    if (told.has(error.message)) return;
    told.add(error.message);
    io.talk.write(`${io.talk.paint("warn", "warning:")} ${cleanLine(error.message)}; it is tried again\n`);
  };
}
