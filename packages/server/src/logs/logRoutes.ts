import { setTimeout as wait } from "node:timers/promises";
import type { Answer, Asked, Routes } from "@claude-orchestrator/protocol";
import { findRun } from "@claude-orchestrator/store";
import type { Fleet, OutputFile, OutputWish } from "../fleet.ts";
import { LineIndex } from "./lineIndex.ts";
import { logText } from "./logText.ts";
import { searchOutput } from "./searchOutput.ts";
import { Turns } from "./turns.ts";

/** As many files keep their index; the one that was asked for longest ago goes first. */
const mostIndexes = 32;
const pollMs = 100;
const searchMs = 5000;
/** At the same time: each may take a processor. */
const mostSearches = 2;

type LogPage = Answer<Routes["readLog"]>;

/** What is asked of attempts' raw output: pages of lines, the end as it grows, a text in it. */
export class LogDesk {
  readonly #fleet: Fleet;
  readonly #indexes = new Map<string, LineIndex>();
  readonly #searches = new Turns(mostSearches);
  #isClosed = false;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** With `wait_ms`: answers as soon as there is such a line, or nothing more will come. */
  async read({ params, query }: Asked<Routes["readLog"]>, isGone: () => boolean): Promise<LogPage> {
    const file = this.file(params.run, query);
    const until = performance.now() + query.wait_ms;
    for (;;) {
      const page = await this.#page(file, query);
      const isDone = page.lines.length > 0 || page.is_over || performance.now() >= until;
      if (isDone || isGone() || this.#isClosed) return page;
      await wait(pollMs);
    }
  }

  /** @throws Refusal for a pattern that cannot be read, or takes too long */
  async search(
    { params, query }: Asked<Routes["searchLog"]>,
    signal: AbortSignal,
  ): Promise<Answer<Routes["searchLog"]>> {
    const file = this.file(params.run, query);
    const index = this.#indexOf(file.path);
    await index.extend();
    const mark = index.markBefore(query.from_line);
    const { matches, total, isComplete } = await this.#searches.take(() => {
      const until = performance.now() + searchMs;
      return searchOutput(file.path, {
        fromByte: mark.byte,
        fromNumber: mark.number,
        firstLine: query.from_line,
        text: query.text,
        isPattern: query.regex,
        ignoreCase: query.ignore_case,
        limit: query.limit,
        until: () => performance.now() > until,
        signal,
      });
    });
    return { matches: [...matches], total, is_complete: isComplete };
  }

  /** @throws UserError run-not-found, instance-not-found */
  file(run: string, wish: OutputWish): OutputFile {
    return this.#fleet.outputOf(findRun(this.#fleet.runsFolder, run), wish);
  }

  /** Whoever waits is answered at once. */
  close(): void {
    this.#isClosed = true;
  }

  async #page(file: OutputFile, query: Asked<Routes["readLog"]>["query"]): Promise<LogPage> {
    // Asked before reading: what was written until then is read for certain.
    const isOver = file.isOver();
    const index = this.#indexOf(file.path);
    await index.extend();
    const hasTail = isOver && index.bytes > index.tailStart;
    const total = index.lines + (hasTail ? 1 : 0);
    const from = query.from_line > 0 ? query.from_line : Math.max(1, total + query.from_line + 1);
    const lines = await index.read(from, query.lines, isOver);
    const next = (lines.at(-1)?.number ?? from - 1) + 1;
    return {
      from_line: from,
      lines: lines.map(({ number, byte, text, isCut }) => ({ number, byte, text: logText(text), is_cut: isCut })),
      next_line: next,
      total_lines: total,
      bytes: index.bytes,
      is_over: isOver && next > total,
    };
  }

  #indexOf(path: string): LineIndex {
    const index = this.#indexes.get(path) ?? new LineIndex(path);
    this.#indexes.delete(path);
    this.#indexes.set(path, index);
    const [oldest] = this.#indexes.keys();
    if (this.#indexes.size > mostIndexes && oldest !== undefined) this.#indexes.delete(oldest);
    return index;
  }
}
