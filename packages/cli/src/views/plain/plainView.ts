import { reduceRun } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";
import type { Paint } from "../text/paint.ts";
import { renderLine } from "../text/line.ts";
import type { PlainOptions } from "./plainLines.ts";
import { plainLines } from "./plainLines.ts";

/** One line per change of state, for pipes, dumb terminals and screen readers. */
export class PlainView {
  readonly #options: PlainOptions;
  readonly #paint: Paint;
  readonly #write: (text: string) => void;
  #state: RunState | undefined;

  constructor(options: PlainOptions, paint: Paint, write: (text: string) => void) {
    this.#options = options;
    this.#paint = paint;
    this.#write = write;
  }

  show(events: readonly LoggedEvent[]): void {
    let text = "";
    for (const event of events) {
      this.#state = reduceRun(this.#state, event);
      if (this.#state === undefined) continue;
      for (const each of plainLines(event, this.#state, this.#options)) text += `${renderLine(each, this.#paint)}\n`;
    }
    if (text !== "") this.#write(text);
  }

  /** Takes events in without a word. */
  recall(events: readonly LoggedEvent[]): void {
    for (const event of events) this.#state = reduceRun(this.#state, event);
  }

  end(): void {
    this.#state = undefined;
  }
}
