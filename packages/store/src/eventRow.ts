import { crc32 } from "node:zlib";
import type { LoggedEvent } from "@claude-orchestrator/domain";

/** One event as the table holds it. */
export interface EventRow {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly instance: string | null;
  /** JSON of the event without `seq` and `at`. */
  readonly body: string;
  /** Over number, time and body, so each event checks itself. */
  readonly crc: number;
}

export function encodeEvent(event: LoggedEvent): EventRow {
  const { seq, at, ...rest } = event;
  const body = JSON.stringify(rest);
  const instance = "instance" in event ? event.instance : null;
  return { seq, at, type: event.type, instance, body, crc: checksum(seq, at, body) };
}

/** What a query gave, unchecked: any column may hold anything, or be missing. */
export interface RowAsFound {
  readonly seq?: unknown;
  readonly at?: unknown;
  readonly body?: unknown;
  readonly crc?: unknown;
}

/** An event, or in words what is wrong with the row. Never throws, whatever the columns hold. */
export function decodeEvent({ seq, at, body, crc }: RowAsFound): LoggedEvent | string {
  if (typeof seq !== "number" || typeof at !== "number" || typeof body !== "string" || typeof crc !== "number") {
    return "its columns do not hold an event";
  }
  if (checksum(seq, at, body) !== crc) return "its checksum does not fit its content";
  try {
    return { ...(JSON.parse(body) as LoggedEvent), seq, at };
  } catch {
    return "its content is not JSON";
  }
}

function checksum(seq: number, at: number, body: string): number {
  return crc32(body, crc32(`${seq} ${at} `));
}
