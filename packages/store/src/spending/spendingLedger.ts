import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { calendarDay, UserError } from "@claude-orchestrator/domain";
import type { BudgetLimit } from "@claude-orchestrator/domain";
import type { SharedAmount, SharedLedger, SharedStanding } from "@claude-orchestrator/engine/ports";
import { makeDirectory, makePrivateFile } from "../privateFile.ts";
import { isRunLocked } from "../runLock.ts";
import { openDatabase } from "../sqlite.ts";
import { prepareSpendingTables } from "./spendingTables.ts";

/*
 * What all runs of a person on this machine spend, in one small SQLite file.
 *
 * 1. Each call is one write transaction: two supervisors never see half of what the other does.
 * 2. An attempt is counted by its totals: what is told again adds nothing, what is told as less takes the difference away.
 * 3. What a supervisor that is gone had set aside may have been spent: whoever finds it so counts it, against that attempt. When
 *    its run is taken up, the attempt's totals put it right (2).
 * 4. Who is gone is known by the lock of its run, which the kernel keeps, and by nothing else.
 */

export interface SpendingLedger extends SharedLedger {
  close(): void;
}

export interface SpendingLedgerOptions {
  readonly run: string;
  /** Of the run, which this process has locked. */
  readonly directory: string;
  /** ms since 1970. */
  readonly wall: () => number;
  /** The machine's, as IANA names it, for days of no zone of their own. */
  readonly zone: string;
}

export const spendingLedgerName = "spending.db";

/** Spending is kept by steps of this, and each counts until its end: a window is never shorter than asked for. */
const stepMs = 10_000;

const day = 86_400_000;

/** What no limit asks for is kept so long, for one that is written tomorrow. */
const leastKeptMs = 3 * day;

/** How long another program is waited for, ms: its transactions take less than one. */
const patienceMs = 2000;

/**
 * Opens the ledger in that folder, made (0700, the file 0600) where it is not there.
 *
 * @throws UserError log-not-usable
 */
export function openSpendingLedger(folder: string, options: SpendingLedgerOptions): SpendingLedger {
  const path = join(resolve(folder), spendingLedgerName);
  let database: DatabaseSync | undefined;
  try {
    makeDirectory(resolve(folder));
    if (!existsSync(path)) makeFile(path);
    database = openDatabase(path, { readOnly: false });
    database.exec(`PRAGMA busy_timeout = ${patienceMs}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL`);
    return new SqliteSpendingLedger(path, database, options);
  } catch (error) {
    database?.close();
    if (error instanceof UserError) throw error;
    throw new UserError("log-not-usable", `${path} cannot be used: ${String(error)}`, {
      hint: "check that the folder is yours, can be written and has room, or move the file away: what was spent so far today is then not known",
      cause: error,
    });
  }
}

function makeFile(path: string): void {
  try {
    makePrivateFile(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

type Request = Parameters<SharedLedger["release"]>[0];

class SqliteSpendingLedger implements SpendingLedger {
  readonly #database: DatabaseSync;
  readonly #options: SpendingLedgerOptions;

  constructor(path: string, database: DatabaseSync, options: SpendingLedgerOptions) {
    this.#database = database;
    this.#options = options;
    this.#step(() => {
      prepareSpendingTables(database, path);
      this.#countDead();
      this.#prune();
    });
  }

  record(attempt: string, spent: SharedAmount, at?: number): void {
    this.#step(() => this.#setTotal({ run: this.#options.run, attempt }, spent, at ?? this.#options.wall()));
  }

  reserve<Refusal>(
    { attempt, request }: Request,
    { tokens, costUsd }: SharedAmount,
    limits: readonly BudgetLimit[],
    refuse: (standing: readonly SharedStanding[]) => Refusal | undefined,
  ): Refusal | undefined {
    const { run, directory } = this.#options;
    return this.#step(() => {
      let refusal = refuse(this.#standing(limits));
      // Some of what is set aside may be nobody's any more.
      if (refusal !== undefined && this.#countDead()) refusal = refuse(this.#standing(limits));
      if (refusal !== undefined) return refusal;
      this.#database
        .prepare("INSERT OR REPLACE INTO reserved VALUES (?, ?, ?, ?, ?, ?)")
        .run(run, attempt, request, tokens, costUsd, directory);
      return undefined;
    });
  }

  release({ attempt, request }: Request): void {
    const { run } = this.#options;
    this.#step(() => {
      this.#database
        .prepare("DELETE FROM reserved WHERE run = ? AND attempt = ? AND request = ?")
        .run(run, attempt, request);
    });
  }

  keepOnly(requests: readonly Request[]): void {
    const kept = new Set(requests.map(({ attempt, request }) => `${attempt}/${request}`));
    this.#step(() => {
      const ours = this.#database.prepare("SELECT attempt, request FROM reserved WHERE run = ?");
      const drop = this.#database.prepare("DELETE FROM reserved WHERE run = ? AND attempt = ? AND request = ?");
      for (const { attempt = "", request = 0 } of ours.all(this.#options.run)) {
        if (!kept.has(`${String(attempt)}/${Number(request)}`)) drop.run(this.#options.run, attempt, request);
      }
    });
  }

  standing(limits: readonly BudgetLimit[]): readonly SharedStanding[] {
    return this.#step(() => this.#standing(limits));
  }

  freesIn(limit: BudgetLimit, need: number): number | undefined {
    if (need > limit.limit) return undefined;
    return this.#step(() => {
      const now = this.#options.wall();
      if (limit.scope.kind === "day") return Math.max(1, calendarDay(now, this.#zoneOf(limit)).end - now);
      return this.#windowFreesIn(limit, need, now);
    });
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #windowFreesIn(limit: BudgetLimit, need: number, now: number): number {
    const column = limit.unit === "tokens" ? "tokens" : "cost_usd";
    const since = this.#since(limit, now);
    let [{ used } = { used: 0 }] = this.#standing([limit]);
    const rows = this.#database.prepare(`SELECT at, ${column} AS amount FROM spent WHERE at > ? ORDER BY at`);
    for (const { at, amount } of rows.iterate(since)) {
      if (need === 0 ? used < limit.limit : used + need <= limit.limit) break;
      used -= Number(amount);
      if (need === 0 ? used < limit.limit : used + need <= limit.limit) return Math.max(1, Number(at) - since);
    }
    return 1;
  }

  #standing(limits: readonly BudgetLimit[]): readonly SharedStanding[] {
    const now = this.#options.wall();
    return limits.map((limit) => {
      const column = limit.unit === "tokens" ? "tokens" : "cost_usd";
      const sum = (table: string, where: string): string =>
        `SELECT coalesce(sum(${column}), 0) AS sum FROM ${table}${where}`;
      const spent = this.#database.prepare(sum("spent", " WHERE at > ?")).get(this.#since(limit, now));
      const reserved = this.#database.prepare(sum("reserved", "")).get();
      return { limit, used: Math.max(0, Number(spent?.["sum"])), reserved: Number(reserved?.["sum"]) };
    });
  }

  /** What was spent in a step that begins after this counts. */
  #since(limit: BudgetLimit, now: number): number {
    const { scope } = limit;
    if (scope.kind === "day") return calendarDay(now, this.#zoneOf(limit)).start - 1;
    const windowMs = scope.kind === "machine" ? scope.windowMs : 0;
    this.#keep(windowMs);
    return now - windowMs - stepMs;
  }

  #zoneOf({ scope }: BudgetLimit): string {
    return (scope.kind === "day" ? scope.zone : undefined) ?? this.#options.zone;
  }

  #setTotal(
    of: { readonly run: string; readonly attempt: string },
    { tokens, costUsd }: SharedAmount,
    at: number,
  ): void {
    const { run, attempt } = of;
    const known = this.#database
      .prepare("SELECT tokens, cost_usd FROM attempt WHERE run = ? AND attempt = ?")
      .get(run, attempt);
    this.#database
      .prepare("INSERT OR REPLACE INTO attempt VALUES (?, ?, ?, ?, ?)")
      .run(run, attempt, tokens, costUsd, at);
    this.#addSpent(tokens - Number(known?.["tokens"] ?? 0), costUsd - Number(known?.["cost_usd"] ?? 0), at);
  }

  #addSpent(tokens: number, costUsd: number, at: number): void {
    const step = Math.floor(at / stepMs) * stepMs;
    this.#database
      .prepare(
        "INSERT INTO spent VALUES (?, ?, ?) ON CONFLICT (at) DO UPDATE SET tokens = tokens + excluded.tokens, cost_usd = cost_usd + excluded.cost_usd",
      )
      .run(step, tokens, costUsd);
  }

  /** Counts what those had set aside who are gone (3); true where there was any. */
  #countDead(): boolean {
    const rows = this.#database.prepare("SELECT * FROM reserved WHERE run IS NOT ?").all(this.#options.run);
    const folders = [...new Set(rows.map(({ directory }) => String(directory)))];
    const dead = new Set(folders.filter((folder) => !isAtWork(folder)));
    for (const row of rows.filter(({ directory }) => dead.has(String(directory)))) {
      const [run, attempt] = [String(row["run"]), String(row["attempt"])];
      const known = this.#database
        .prepare("SELECT tokens, cost_usd FROM attempt WHERE run = ? AND attempt = ?")
        .get(run, attempt);
      const tokens = Number(known?.["tokens"] ?? 0) + Number(row["tokens"]);
      const costUsd = Number(known?.["cost_usd"] ?? 0) + Number(row["cost_usd"]);
      this.#setTotal({ run, attempt }, { tokens, costUsd }, this.#options.wall());
      this.#database
        .prepare("DELETE FROM reserved WHERE run = ? AND attempt = ? AND request = ?")
        .run(run, attempt, Number(row["request"]));
    }
    return dead.size > 0;
  }

  #keep(windowMs: number): void {
    if (windowMs <= this.#keptMs()) return;
    this.#database.prepare("INSERT OR REPLACE INTO meta VALUES ('kept_ms', ?)").run(String(windowMs));
  }

  #keptMs(): number {
    const found = this.#database.prepare("SELECT value FROM meta WHERE key = 'kept_ms'").get();
    return Math.max(leastKeptMs, Number(found?.["value"] ?? 0));
  }

  #prune(): void {
    const horizon = this.#options.wall() - this.#keptMs() - 2 * stepMs;
    this.#database.prepare("DELETE FROM spent WHERE at < ?").run(horizon);
    this.#database.prepare("DELETE FROM attempt WHERE at < ?").run(horizon);
  }

  #step<Answer>(work: () => Answer): Answer {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const answer = work();
      this.#database.exec("COMMIT");
      return answer;
    } finally {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    }
  }
}

/** What cannot be found out counts as at work: nothing of it is counted as spent, and it stays set aside. */
function isAtWork(directory: string): boolean {
  try {
    return isRunLocked(directory);
  } catch {
    return true;
  }
}
