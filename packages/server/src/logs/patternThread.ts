import { Worker } from "node:worker_threads";
import { Refusal } from "../http/refusal.ts";
import { patternProblem } from "./patternProblem.ts";

/** Given as text because the program is bundled: there is no second file to start a thread from. */
const threadCode = `
const { parentPort, workerData } = require("node:worker_threads");
const pattern = new RegExp(workerData.pattern, workerData.flags);
parentPort.on("message", (lines) => {
  const found = [];
  for (let line = 0; line < lines.length; line += 1) {
    const match = pattern.exec(lines[line]);
    if (match !== null) found.push(line, match.index);
  }
  parentPort.postMessage(found);
});`;

const usualLongestMs = 3000;
/** In MB. What it needs beyond that ends the thread, and not the server. */
const limits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

export interface PatternWish {
  readonly pattern: string;
  readonly ignoreCase: boolean;
  /** Ends it at once: nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** For some lines; of a megabyte of them, a pattern that does not explode takes some milliseconds. */
  readonly longestMs?: number;
}

/**
 * Looks for a regular expression in a thread of its own, which is ended when the time is up: some patterns take years on some texts, and
 * nothing else may wait for them.
 */
export class PatternThread implements Disposable {
  readonly #wish: PatternWish;
  #worker: Worker | undefined;

  /** @throws Refusal for a pattern that cannot be read: it says where */
  constructor(wish: PatternWish) {
    const problem = patternProblem(wish.pattern);
    if (problem !== undefined) throw unreadable(wish.pattern, problem);
    this.#wish = wish;
  }

  /**
   * Places in the list and columns from 0, in turns, of the lines that match.
   *
   * @throws Refusal where the pattern takes too long or too much memory
   */
  async find(lines: readonly string[]): Promise<readonly number[]> {
    const { signal, longestMs = usualLongestMs } = this.#wish;
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const { promise, resolve, reject } = Promise.withResolvers<readonly number[]>();
    const timer = setTimeout(
      () => reject(givenUp(` after ${longestMs / 1000} s: the pattern takes too long`)),
      longestMs,
    );
    const onAbort = (): void => reject(new Refusal(499, "gone", "Nobody waits for the answer any more"));
    const onError = (error: Error): void => reject(givenUp(`: ${error.message}`));
    signal.addEventListener("abort", onAbort);
    worker.once("message", resolve).once("error", onError);
    if (signal.aborted) onAbort();
    else worker.postMessage(lines, []);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      worker.off("message", resolve).off("error", onError);
    }
  }

  [Symbol.dispose](): void {
    void this.#worker?.terminate();
  }

  #start(): Worker {
    const { pattern, ignoreCase } = this.#wish;
    const workerData = { pattern, flags: ignoreCase ? "i" : "" };
    const worker = new Worker(threadCode, { eval: true, env: {}, execArgv: [], resourceLimits: limits, workerData });
    // What it dies of when nobody asks it is of no interest; unheard, it would end the program.
    return worker.on("error", () => undefined);
  }
}

function unreadable(
  pattern: string,
  { column, message }: { readonly column: number; readonly message: string },
): Refusal {
  const hint = "write a `\\` before a character that is meant as it stands";
  const excerpt = `${pattern}\n${" ".repeat(column - 1)}^`;
  return new Refusal(422, "pattern-invalid", `The pattern cannot be read: ${message}, at character ${column}`, {
    hint,
    problems: [{ line: 1, column, message, excerpt }],
  });
}

function givenUp(why: string): Refusal {
  return new Refusal(422, "pattern-given-up", `The search was given up${why}`, {
    hint: "make the pattern simpler: a repetition within a repetition, such as `(a+)+`, takes years on some texts",
  });
}
