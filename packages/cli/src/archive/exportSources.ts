import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonValue, LoggedEvent } from "@claude-orchestrator/domain";
import type { RunLogReader } from "@claude-orchestrator/store";
import { eventsName, isMemberName, resultName } from "./manifest.ts";
import type { Member } from "./manifest.ts";
import { maskedFile } from "./maskedFile.ts";
import type { Masker } from "./masker.ts";
import { largestTarMember } from "./tarHeader.ts";

/** Something to be put into the archive; read twice, to be measured and to be written. */
export interface Source {
  readonly path: string;
  read(masker: Masker): AsyncIterable<Buffer>;
}

export interface Collected {
  readonly sources: readonly Source[];
  /** Files that are not what a run puts there, or too large. */
  readonly leftOut: readonly string[];
  readonly events: number;
}

/** Masks may be longer than what they stand for; a file this large still fits then. */
const largestFile = largestTarMember / 2;

/** What of a run's folder goes into its archive, as of now: what a run adds meanwhile is not in it. */
export function collectSources(directory: string, log: RunLogReader): Collected {
  let events = 0;
  for (const _event of log.events()) events += 1;
  const sources: Source[] = [{ path: eventsName, read: (masker) => eventLines(log, events, masker) }];
  const leftOut: string[] = [];
  for (const path of [resultName, ...attemptFiles(directory)]) {
    const whole = join(directory, path);
    const found = lstatSync(whole, { throwIfNoEntry: false });
    if (found === undefined) continue;
    if (!found.isFile() || !isMemberName(path) || found.size > largestFile) leftOut.push(path);
    else if (path === resultName) sources.push({ path, read: (masker) => maskedResult(whole, masker) });
    else sources.push({ path, read: (masker) => maskedFile(whole, found.size, masker) });
  }
  return { sources, leftOut, events };
}

/** What its entry in the manifest says. */
export async function measure({ path, read }: Source, masker: Masker): Promise<Member> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of read(masker)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { path, bytes, sha256: hash.digest("hex") };
}

/** The kind of an event is ours, whatever secrets there are. */
export function maskedEvent(event: LoggedEvent, masker: Masker): LoggedEvent {
  const masked = masker.maskJson(event as unknown as JsonValue) as unknown as LoggedEvent;
  return { ...masked, type: event.type } as LoggedEvent;
}

function attemptFiles(directory: string): readonly string[] {
  try {
    return readdirSync(join(directory, "attempts"))
      .toSorted()
      .map((name) => `attempts/${name}`);
  } catch {
    return [];
  }
}

async function* eventLines(log: RunLogReader, count: number, masker: Masker): AsyncIterable<Buffer> {
  for (const event of log.events(1, count)) yield Buffer.from(`${JSON.stringify(maskedEvent(event, masker))}\n`);
}

/** As it was written, but for secrets; one that is no JSON is masked as text. */
async function* maskedResult(path: string, masker: Masker): AsyncIterable<Buffer> {
  const text = readFileSync(path, "utf8");
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    yield Buffer.from(masker.mask(text));
    return;
  }
  yield Buffer.from(`${JSON.stringify(masker.maskJson(value), undefined, 2)}\n`);
}
