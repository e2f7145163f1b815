import type { DatabaseSync } from "node:sqlite";
import { isLocked, patiently } from "./sqlite.ts";

/** A row as found, unchecked, or the numbers of those that SQLite itself could not read. */
export type FoundRow = ReadRow | UnreadableRows;

interface ReadRow {
  readonly seq: number;
  readonly at: unknown;
  readonly body: unknown;
  readonly crc: unknown;
}

interface UnreadableRows {
  readonly seq: number;
  readonly through: number;
  readonly unreadable: string;
}

/** A page is read in one go, so that no reader, however slow, holds the writer's checkpoints up. */
const pageRows = 512;
const pageCharacters = 4 * 1024 * 1024;

/** Where the end of the table cannot be found out, reading stops after this many numbers without a row. */
const longestSilence = 4096;

/**
 * All rows numbered `from` and up, in order, broken ones named.
 *
 * @param tries how often more a page is asked for where another program holds the file; each waits 100 ms
 * @throws SQLite's error where another program holds the file: then nothing is known of the rest
 */
export function* readRows(database: DatabaseSync, from: number, tries = 0): Iterable<FoundRow> {
  let next: number | undefined = from;
  while (next !== undefined) {
    const at: number = next;
    let page: readonly ReadRow[];
    try {
      page = patiently(tries, () => readPage(database, at));
    } catch (error) {
      if (isLocked(error)) throw error;
      next = yield* readOneByOne(database, at, error);
      continue;
    }
    yield* page;
    const last: ReadRow | undefined = page.at(-1);
    next = last === undefined ? undefined : last.seq + 1;
  }
}

function readPage(database: DatabaseSync, from: number): readonly ReadRow[] {
  const select = database.prepare("SELECT seq, at, body, crc FROM event WHERE seq >= ? ORDER BY seq");
  const page: ReadRow[] = [];
  let characters = 0;
  for (const { seq, at, body, crc } of select.iterate(from)) {
    page.push({ seq: Number(seq), at, body, crc });
    characters += typeof body === "string" ? body.length : 0;
    if (page.length >= pageRows || characters >= pageCharacters) break;
  }
  return page;
}

/**
 * After a page could not be read (a broken page of the file, a number no program of ours wrote): each row by itself, so
 * that only what is broken is lost. The answer is where whole pages may be tried again; undefined at the end.
 */
function* readOneByOne(database: DatabaseSync, from: number, cause: unknown): Generator<FoundRow, number | undefined> {
  const unreadable = cause instanceof Error ? cause.message : String(cause);
  const last = lastSeq(database);
  let broken: UnreadableRows | undefined;
  let found = 0;
  let lastFound = from;
  for (let seq = from; seq <= (last ?? lastFound + longestSilence); seq++) {
    const row = readOne(database, seq);
    if (row === "broken") {
      broken = { seq: broken?.seq ?? seq, through: seq, unreadable };
    } else if (row !== undefined) {
      if (broken !== undefined) yield broken;
      broken = undefined;
      yield row;
      lastFound = seq;
      found += 1;
    }
    if (found >= pageRows) return seq + 1;
  }
  // Without a known end, nobody can say how many more there were.
  if (broken !== undefined) yield last === undefined ? { ...broken, through: broken.seq } : broken;
  return undefined;
}

function readOne(database: DatabaseSync, seq: number): ReadRow | "broken" | undefined {
  try {
    const row = database.prepare("SELECT at, body, crc FROM event WHERE seq = ?").get(seq);
    return row === undefined ? undefined : { seq, at: row["at"], body: row["body"], crc: row["crc"] };
  } catch {
    return "broken";
  }
}

function lastSeq(database: DatabaseSync): number | undefined {
  try {
    const last = database.prepare("SELECT max(seq) AS last FROM event").get()?.["last"];
    return typeof last === "number" ? last : undefined;
  } catch {
    return undefined;
  }
}
