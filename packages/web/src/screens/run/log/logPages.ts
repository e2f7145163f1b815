import type { Answer, Routes } from "@claude-orchestrator/protocol";
import type { LogQuery } from "../../../data/api.ts";

type Page = Answer<Routes["readLog"]>;
export type LogLine = Page["lines"][number];

export interface LogState {
  /** How many lines there are by now; undefined before the first answer. */
  readonly total: number | undefined;
  readonly bytes: number;
  /** True: nothing more will come. */
  readonly isOver: boolean;
  readonly error: unknown;
  /** Counts every change: the lines themselves are read by `line`. */
  readonly version: number;
}

/** Lines are asked for and kept in pages of this size. */
export const pageLines = 500;
/** So many pages are kept, those looked at last: a log of a million lines takes no more memory than this. */
const mostPages = 40;
const tailWaitMs = 20_000;
const afterErrorMs = 3_000;

export interface LogParts {
  readonly read: (query: Pick<LogQuery, "from_line" | "lines" | "wait_ms">, signal: AbortSignal) => Promise<Page>;
  readonly after: (ms: number, action: () => void) => void;
}

/**
 * The lines of one output, read as they are looked at. Never more than `mostPages` pages are kept, one request is made for a
 * page, and while the output goes on one request waits for what is new.
 */
export class LogPages {
  readonly #parts: LogParts;
  readonly #pages = new Map<number, readonly LogLine[]>();
  readonly #asked = new Set<number>();
  readonly #listeners = new Set<() => void>();
  #end = new AbortController();
  #state: LogState = { total: undefined, bytes: 0, isOver: false, error: null, version: 0 };

  constructor(parts: LogParts) {
    this.#parts = parts;
  }

  get state(): LogState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Also after `close`: it goes on after the lines it knows. */
  begin(): void {
    this.#end = new AbortController();
    if (!this.#state.isOver) void this.#tail((this.#state.total ?? 0) + 1, 0, this.#end.signal);
  }

  close(): void {
    this.#end.abort();
  }

  /** The line, from 1; undefined while it is not here (yet). */
  line(number: number): LogLine | undefined {
    const page = pageOf(number);
    return this.#pages.get(page)?.[number - 1 - page * pageLines];
  }

  /** Sees to it that these lines come, first and last included. */
  want(from: number, to: number): void {
    for (let page = pageOf(from); page <= pageOf(to); page++) {
      const hasLast = this.line(Math.min(to, (page + 1) * pageLines)) !== undefined;
      if (!hasLast) this.#ask(page);
      // Looked at last: the last to be let go.
      else this.#keep(page, this.#pages.get(page) ?? []);
    }
  }

  #ask(page: number): void {
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    this.#parts
      .read({ from_line: page * pageLines + 1, lines: pageLines }, this.#end.signal)
      .then((answer) => {
        this.#keep(page, answer.lines);
        this.#heard(answer);
      })
      .catch((error: unknown) => this.#failed(error))
      .finally(() => this.#asked.delete(page));
  }

  #keep(page: number, lines: readonly LogLine[]): void {
    this.#pages.delete(page);
    this.#pages.set(page, lines);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= mostPages) break;
      this.#pages.delete(oldest);
    }
  }

  /** Waits for what comes after the lines that are known, as long as something can. */
  async #tail(from: number, wait: number, signal: AbortSignal): Promise<void> {
    try {
      const lines = from === 1 ? pageLines : 5_000;
      const answer = await this.#parts.read({ from_line: from, lines, wait_ms: wait }, signal);
      for (const line of answer.lines) this.#add(line);
      this.#heard(answer);
      // What was not in one answer is read when it is looked at; the tail goes on at the end.
      if (!answer.is_over) await this.#tail(Math.max(answer.next_line, answer.total_lines + 1), tailWaitMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#failed(error);
      this.#parts.after(afterErrorMs, () => {
        if (!signal.aborted) void this.#tail(from, wait, signal);
      });
    }
  }

  /** A new line is kept where its page is: pages that were never looked at are not begun in their middle. */
  #add(line: LogLine): void {
    const page = pageOf(line.number);
    const known = this.#pages.get(page) ?? (line.number === page * pageLines + 1 ? [] : undefined);
    if (known === undefined || known.length !== line.number - 1 - page * pageLines) return;
    this.#keep(page, [...known, line]);
  }

  #heard({ total_lines, bytes, is_over }: Page): void {
    const total = Math.max(this.#state.total ?? 0, total_lines);
    this.#change({ total, bytes, isOver: is_over, error: null });
  }

  #failed(error: unknown): void {
    if (!this.#end.signal.aborted) this.#change({ error });
  }

  #change(change: Partial<LogState>): void {
    this.#state = { ...this.#state, ...change, version: this.#state.version + 1 };
    for (const listener of this.#listeners) listener();
  }
}

function pageOf(line: number): number {
  return Math.floor((line - 1) / pageLines);
}
