import { UserError } from "@claude-orchestrator/domain";
import { type SqliteFailure, sqliteFailure } from "./sqlite.ts";

/** Why events wait in memory. All but `lost` may pass by itself: the writer keeps trying. */
export interface LogTrouble {
  /** `lost`: the file is gone, replaced, broken, or written by somebody else; nothing we add to it could be trusted. */
  readonly kind: "full" | "read-only" | "locked" | "io" | "lost";
  /** One sentence for a person. */
  readonly message: string;
  /** Events appended and not on disk. */
  readonly waiting: number;
}

/** What we found ourselves, where SQLite had nothing to complain of. */
export class LogFailure extends Error {
  override readonly name = "LogFailure";
  readonly kind: "io" | "lost";

  constructor(kind: "io" | "lost", message: string) {
    super(message);
    this.kind = kind;
  }
}

const kinds: Readonly<Record<SqliteFailure, LogTrouble["kind"] | undefined>> = {
  busy: "locked",
  locked: "locked",
  readOnly: "read-only",
  cannotOpen: "io",
  ioError: "io",
  full: "full",
  corrupt: "lost",
  constraint: "lost",
  notADatabase: "lost",
  other: undefined,
};

const sentences: Readonly<Record<Exclude<LogTrouble["kind"], "lost">, string>> = {
  full: "there is no space left for the run's log",
  "read-only": "the run's log has become read-only",
  locked: "another program holds the run's log",
  io: "the run's log cannot be written",
};

/** Undefined for what is no trouble of the log but a bug of ours. */
export function describeTrouble(error: unknown, path: string, waiting: number): LogTrouble | undefined {
  const kind = error instanceof LogFailure ? error.kind : kinds[sqliteFailure(error)];
  if (kind === undefined || !(error instanceof Error)) return undefined;
  const message = kind === "lost" ? `the run's log is lost: ${error.message}` : `${sentences[kind]}: ${error.message}`;
  return { kind, message: `${message} (${path})`, waiting };
}

export function notWritten(trouble: LogTrouble): UserError {
  const events = trouble.waiting === 1 ? "1 event was" : `${trouble.waiting} events were`;
  return new UserError("log-not-usable", `${events} not written: ${trouble.message}`);
}
