/**
 * Reads a log with a page held open for a while, as another program might. Words: the run's directory. Prints `reading`
 * once it holds it.
 */
import { writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const raw = new DatabaseSync(join(process.argv[2] ?? "", "events.db"), { readOnly: true });
raw.exec("BEGIN");
raw.prepare("SELECT count(*) FROM event").get();
writeSync(1, "reading\n");
setTimeout(() => raw.close(), 300);
