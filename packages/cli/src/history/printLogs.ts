import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { UserError } from "@claude-orchestrator/domain";
import type { AttemptState, InstanceState } from "@claude-orchestrator/domain";
import { openRunLog } from "@claude-orchestrator/store";
import type { RunLogReader } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { RunFold } from "../run/runFold.ts";
import { standingOf } from "../supervise/standing.ts";
import { cleanLines } from "../views/text/cleanText.ts";
import { counted } from "../views/words.ts";
import { instanceOf, openRun } from "./openRun.ts";

const pollMs = 200;

export interface LogFlags {
  readonly attempt: number | undefined;
  readonly stderr: boolean;
  readonly follow: boolean;
  readonly "runs-dir": string | undefined;
}

/** `logs RUN INSTANCE`: the raw output, byte for byte into a pipe, without control characters on a terminal. */
export async function printLogs([text = "", name = ""]: readonly string[], flags: LogFlags, io: Io): Promise<number> {
  const opened = openRun(text, flags["runs-dir"], io);
  const instance = instanceOf(opened.state, name);
  const attempt = attemptOf(instance, flags.attempt);
  const path = join(opened.directory, flags.stderr ? attempt.files.stderr : attempt.files.stdout);
  const log = flags.follow ? openRunLog(opened.directory) : undefined;
  try {
    const isOver = log === undefined ? undefined : endOf(log, instance.name, attempt.number);
    const isLeft = (): boolean => standingOf(opened.directory, false).is === "interrupted";
    await printFile(path, isOver === undefined ? undefined : () => isOver() || isLeft(), io);
  } finally {
    log?.close();
  }
  return 0;
}

/** Asks the log, from where it was read last, whether the attempt has ended. */
function endOf(log: RunLogReader, name: string, attempt: number): () => boolean {
  const fold = new RunFold();
  return () => {
    fold.add(log.events((fold.state?.seq ?? 0) + 1));
    const state = fold.state?.instances.get(name)?.attempts.find(({ number }) => number === attempt);
    return fold.state?.phase.status === "settled" || state?.end !== undefined;
  };
}

/** That attempt, else the last one. @throws UserError instance-not-found */
export function attemptOf(instance: InstanceState, number: number | undefined): AttemptState {
  const found =
    number === undefined ? instance.attempts.at(-1) : instance.attempts.find((each) => each.number === number);
  if (found !== undefined) return found;
  if (instance.attempts.length === 0) {
    throw new UserError("instance-not-found", `${instance.name} was never started, so there is no output`);
  }
  const message =
    number === undefined
      ? `${instance.name} was never started, so there is no output`
      : `${instance.name} has no attempt ${number}`;
  throw new UserError("instance-not-found", message, {
    hint: `it has ${counted(instance.attempts.length, "attempt")}`,
  });
}

/** Prints the file, and goes on with what is added to it until `isOver`, where that is given. */
async function printFile(path: string, isOver: (() => boolean) | undefined, io: Io): Promise<void> {
  let from = 0;
  for (;;) {
    // Asked before reading, so that what was written until then is read for certain.
    const last = isOver === undefined || isOver();
    from = await printFrom(path, from, io);
    if (last || io.out.isClosed) return;
    await Promise.race([wait(pollMs), io.out.closed]);
  }
}

async function printFrom(path: string, from: number, io: Io): Promise<number> {
  const entry = await stat(path).catch(() => undefined);
  if (entry === undefined || entry.size <= from) return from;
  const stream = createReadStream(path, {
    start: from,
    end: entry.size - 1,
    ...(io.out.isTTY ? { encoding: "utf8" } : {}),
  });
  for await (const chunk of stream as AsyncIterable<string | Buffer>) {
    if (io.out.isClosed) break;
    await io.out.writeSlowly(typeof chunk === "string" ? cleanLines(chunk) : chunk);
  }
  return entry.size;
}
