import type { DatabaseSync } from "node:sqlite";
import { UserError } from "@claude-orchestrator/domain";

/** The primary result codes of SQLite that we tell apart (https://sqlite.org/rescode.html). */
const resultCode = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;

export type SqliteFailure = keyof typeof resultCode | "other";

/**
 * Opens a database file; the first call loads Node's SQLite (so a command that needs no log never pays for it).
 *
 * @throws UserError log-not-usable where this Node has no SQLite; SQLite's own error where the file cannot be opened
 */
export function openDatabase(path: string | URL, options: { readonly readOnly: boolean }): DatabaseSync {
  const Database = loadSqlite().DatabaseSync;
  const database = new Database(path, { readOnly: options.readOnly });
  // Waiting blocks the whole program, so it is short: the writer tries again by a timer, a reader at its next poll.
  database.exec("PRAGMA busy_timeout = 100");
  return database;
}

/** What kind of failure SQLite reported; "other" for what is not an error of SQLite at all. */
export function sqliteFailure(error: unknown): SqliteFailure {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return "other";
  const primary = error.errcode & 0xff;
  const found = Object.entries(resultCode).find(([, code]) => code === primary);
  return found === undefined ? "other" : (found[0] as SqliteFailure);
}

function loadSqlite(): typeof import("node:sqlite") {
  const sqlite = withoutExperimentalWarning(() => process.getBuiltinModule("node:sqlite"));
  // Typed as always there, and absent from Node before 22.5.
  if ((sqlite as unknown) !== undefined) return sqlite;
  throw new UserError("log-not-usable", `Node ${process.versions.node} has no SQLite, which keeps the log of a run`, {
    hint: "use Node 24 or newer",
  });
}

/**
 * Node 22 warns on stderr that SQLite is experimental; 24 and 26 do not. `load` is synchronous, so nothing else can be
 * warning meanwhile, and any other warning passes.
 */
function withoutExperimentalWarning<Loaded>(load: () => Loaded): Loaded {
  const original = process.emitWarning;
  const filtered = (warning: string | Error, ...rest: unknown[]): void => {
    if (String(warning).startsWith("SQLite is an experimental feature")) return;
    Reflect.apply(original, process, [warning, ...rest]);
  };
  process.emitWarning = filtered;
  try {
    return load();
  } finally {
    process.emitWarning = original;
  }
}

/** True where another program holds the file: worth trying again. */
export function isLocked(error: unknown): boolean {
  const failure = sqliteFailure(error);
  return failure === "busy" || failure === "locked";
}

/** Asks once, and up to `tries` times more where another program holds the file; each try waits as `openDatabase` says. */
export function patiently<Answer>(tries: number, ask: () => Answer): Answer {
  for (let triesLeft = tries; ; triesLeft--) {
    try {
      return ask();
    } catch (error) {
      if (triesLeft === 0 || !isLocked(error)) throw error;
    }
  }
}
