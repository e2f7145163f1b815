/**
 * Migrates a log by `testMigrations`. Words: the run's directory, and a number: before the step that leads from this
 * version it kills itself (0: nowhere). Prints how many steps it took.
 */
import { join } from "node:path";
import { type Migration, migrateLog } from "../migrations.ts";
import { openDatabase } from "../sqlite.ts";
import { testMigrations } from "./testMigrations.ts";

const [, , directory = "", killAt = "0"] = process.argv;
let taken = 0;
const steps = testMigrations.map((step, index): Migration => (database) => {
  if (index + 1 === Number(killAt)) process.kill(process.pid, "SIGKILL");
  step(database);
  taken += 1;
});
const database = openDatabase(join(directory, "events.db"), { readOnly: false });
migrateLog(database, "9.0.0", steps);
database.close();
console.log(taken);
