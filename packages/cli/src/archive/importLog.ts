import { createReadStream, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { LoggedEvent, UserError } from "@claude-orchestrator/domain";
import { createRunLog } from "@claude-orchestrator/store";
import type { RunLog } from "@claude-orchestrator/store";
import { RunFold } from "../run/runFold.ts";
import type { Manifest } from "./manifest.ts";

/** No event of ours comes near: an answer in it is cut long before. */
const longestLine = 128 * 1024 * 1024;

/**
 * Makes the log of a run beside a file with its events, one in a line, and removes that file. Events keep their times. They
 * are numbered anew, which changes nothing unless some were missing.
 *
 * @throws what `refusal` makes of a sentence
 */
export async function importLog(file: string, manifest: Manifest, refusal: (why: string) => UserError): Promise<void> {
  const clock = { at: 0, wall: () => clock.at };
  const log = createRunLog(dirname(file), manifest.run, { clock, programVersion: manifest.program_version });
  const fold = new RunFold();
  let count = 0;
  try {
    for await (const text of linesOf(file, refusal)) {
      const event = readEvent(text);
      count += 1;
      if (event === undefined) throw refusal(`line ${count} of its events is no event`);
      if (count === 1 && (event.type !== "run-created" || event.id !== manifest.run)) {
        throw refusal("its first event is not that of its run");
      }
      clock.at = event.at;
      // What cannot be folded here could not be shown later either.
      fold.add([appendTo(log, event)]);
      if (fold.passedOver.length > 0) throw refusal(`event ${count} does not fit the ones before`);
      if (count % 1000 === 0) await log.flush();
    }
    if (count === 0 || count !== manifest.events) throw refusal(`it holds ${count} events, not ${manifest.events}`);
  } finally {
    await log.close();
  }
  rmSync(file);
}

function appendTo(log: RunLog, event: LoggedEvent): LoggedEvent {
  const { seq: _seq, at: _at, ...rest } = event;
  return log.append(rest);
}

/** Undefined for what has not even the shape all events share. */
function readEvent(text: string): LoggedEvent | undefined {
  try {
    const value = JSON.parse(text) as Partial<LoggedEvent> | null;
    const isEvent = typeof value?.type === "string" && Number.isSafeInteger(value.at);
    return isEvent ? (value as LoggedEvent) : undefined;
  } catch {
    return undefined;
  }
}

async function* linesOf(file: string, refusal: (why: string) => UserError): AsyncIterable<string> {
  let pending = "";
  for await (const chunk of createReadStream(file, { encoding: "utf8" })) {
    const [rest = "", ...lines] = String(chunk).split("\n");
    pending += rest;
    for (const next of lines) {
      yield pending;
      pending = next;
    }
    if (pending.length > longestLine) throw refusal("one of its events is too long");
  }
  if (pending !== "") throw refusal("its last event is cut off");
}
