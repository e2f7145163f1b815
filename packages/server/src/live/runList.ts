import { statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { logFileName, runIds } from "@claude-orchestrator/store";
import type { FoundRun } from "@claude-orchestrator/store";
import type { Fleet } from "../fleet.ts";

/** Whether a run that has ended is another than it was is looked for at every so many looks only. */
const lookAtAllEvery = 5;

const longestBusyMs = 10;

export interface ListChange {
  readonly changed: readonly RunSummaryDocument[];
  readonly gone: readonly string[];
}

interface Line {
  readonly summary: RunSummaryDocument;
  /** The summary in words, and the file it was read from as it was then. */
  readonly text: string;
  readonly seen: string;
}

/** The runs of a folder, newest first. What has not changed is not read again. */
export class RunList {
  readonly #folder: string;
  readonly #summaryOf: Fleet["summaryOf"];
  #lines: ReadonlyMap<string, Line> = new Map<string, Line>();
  #looks = 0;
  #looking: Promise<void> = Promise.resolve();
  #json: Buffer | undefined;
  readonly #listeners: ((change: ListChange) => void)[] = [];

  constructor(folder: string, summaryOf: Fleet["summaryOf"]) {
    this.#folder = folder;
    this.#summaryOf = summaryOf;
  }

  /** As of the last look. */
  get runs(): readonly RunSummaryDocument[] {
    return [...this.#lines.values()].map(({ summary }) => summary);
  }

  /** The same as JSON: the bytes are made once for all who ask until it changes. */
  get json(): Buffer {
    this.#json ??= Buffer.from(`[${[...this.#lines.values()].map(({ text }) => text).join(",")}]`);
    return this.#json;
  }

  /** Hears of what is new or another than it was, and of what is not there any more, whoever had it looked for. */
  onChange(listener: (change: ListChange) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Looks again. One look after the other; ten thousand runs are read bit by bit, so that everything else goes on.
   *
   * @throws UserError file-not-readable
   */
  look(): Promise<void> {
    const look = this.#looking.then(() => this.#lookNow());
    this.#looking = look.catch(() => undefined);
    return look;
  }

  async #lookNow(): Promise<void> {
    const changed: RunSummaryDocument[] = [];
    const lines = new Map<string, Line>();
    const isThorough = this.#looks++ % lookAtAllEvery === 0;
    let busySince = performance.now();
    for (const id of runIds(this.#folder)) {
      const before = this.#lines.get(id);
      const line = this.#lineOf({ id, directory: join(this.#folder, id) }, before, isThorough);
      if (line !== undefined) {
        lines.set(id, line);
        if (line.text !== before?.text) changed.push(line.summary);
      }
      if (performance.now() - busySince < longestBusyMs) continue;
      await nextTurn();
      busySince = performance.now();
    }
    const gone = [...this.#lines.keys()].filter((id) => !lines.has(id));
    this.#lines = lines;
    this.#json = undefined;
    if (changed.length + gone.length === 0) return;
    for (const listener of this.#listeners) listener({ changed, gone });
  }

  #lineOf(run: FoundRun, before: Line | undefined, isThorough: boolean): Line | undefined {
    const hasEnded = before !== undefined && before.summary.ended_at !== null;
    if (hasEnded && !isThorough) return before;
    const seen = stampOf(run.directory);
    if (hasEnded && seen === before.seen) return before;
    const summary = this.#summaryOf(run, before?.summary);
    return summary === undefined ? undefined : { summary, text: JSON.stringify(summary), seen };
  }
}

/** Another one where the log was written since. */
function stampOf(directory: string): string {
  return [logFileName, `${logFileName}-wal`].map((name) => stampOfFile(join(directory, name))).join(" ");
}

function stampOfFile(path: string): string {
  try {
    const { mtimeMs, size } = statSync(path);
    return `${mtimeMs}:${size}`;
  } catch {
    return "-";
  }
}
