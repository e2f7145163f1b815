/**
 * One measured run of the log or of the least SQLite that could do the same. Words: `append`, `flush` or `replay`; `store` or
 * `bare`; a folder; how many events. Prints one JSON object: seconds in all, and microseconds of the single calls.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { foldRun, makeRunId, noUsage } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunEvent } from "@claude-orchestrator/domain";
import { continueRunLog, createRunLog } from "@claude-orchestrator/store";

const [, , what = "", whose = "", folder = "", count = "0"] = process.argv;
const events = Number(count);
/** As many as the log puts into one transaction at most. */
const batch = 512;

const event: RunEvent = {
  type: "attempt-progressed",
  instance: "build",
  attempt: 1,
  spent: { byModel: {}, usage: noUsage, costSource: "none", final: false },
  tools: { Bash: 2 },
  turns: 1,
  events: 10,
  unreadable: 0,
  activity: [{ kind: "text", text: "x".repeat(250) }],
  omitted: 0,
};

mkdirSync(folder, { recursive: true });
const single: number[] = [];
const begun = performance.now();
if (whose === "store") await storeWork();
else bareWork();
const seconds = (performance.now() - begun) / 1000;
const sorted = single.toSorted((a, b) => a - b);
const part = (share: number): number => (sorted[Math.floor(sorted.length * share)] ?? 0) * 1000;
console.log(JSON.stringify({ seconds, median: part(0.5), p99: part(0.99), longest: part(0.999999) }));

async function storeWork(): Promise<void> {
  const options = { clock: { wall: Date.now }, programVersion: "0.1.0" };
  if (what === "replay") {
    const { log, events: earlier } = continueRunLog(folder, options);
    foldRun(earlier);
    await log.close();
    return;
  }
  const log = createRunLog(folder, makeRunId(0, Math.random), options);
  for (let done = 0; done < events; done++) {
    const before = performance.now();
    log.append(event);
    if (what === "flush") await log.flush();
    single.push(performance.now() - before);
  }
  await log.close();
}

/** A table, an insert, a commit: no checksum, no order kept, no reader told. Synced as ours is. */
function bareWork(): void {
  const database = new DatabaseSync(path.join(folder, "bare.db"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  if (what === "replay") {
    const bodies = database.prepare("SELECT body FROM event ORDER BY seq").iterate();
    foldRun(parsed(bodies));
    database.close();
    return;
  }
  database.exec("CREATE TABLE event (seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT");
  const insert = database.prepare("INSERT INTO event (body) VALUES (?)");
  const size = what === "flush" ? 1 : batch;
  for (let done = 0; done < events; done++) {
    const before = performance.now();
    if (done % size === 0) database.exec("BEGIN");
    insert.run(JSON.stringify({ ...event, seq: done + 1, at: Date.now() }));
    if (done % size === size - 1 || done === events - 1) database.exec("COMMIT");
    single.push(performance.now() - before);
  }
  database.close();
}

function* parsed(rows: Iterable<Readonly<Record<string, unknown>>>): Iterable<LoggedEvent> {
  for (const { body } of rows) yield JSON.parse(String(body)) as LoggedEvent;
}
