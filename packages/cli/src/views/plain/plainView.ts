import { foldAsRead, reduceAsRead } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";
import type { Paint } from "../text/paint.ts";
import type { Line } from "../text/line.ts";
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
      const { state, isPassedOver } = reduceAsRead(this.#state, event);
      this.#state = state;
      if (state === undefined || isPassedOver) continue;
      for (const each of this.#linesOf(event, state)) text += `${renderLine(each, this.#paint)}\n`;
    }
    if (text !== "") this.#write(text);
  }

  /** An event that is not what its type says has no words; those after it do. */
  #linesOf(event: LoggedEvent, state: RunState): readonly Line[] {
    try {
      return plainLines(event, state, this.#options);
    } catch {
      return [];
    }
  }

  /** Takes events in without a word. */
  recall(events: readonly LoggedEvent[]): void {
    this.#state = foldAsRead(events, this.#state);
  }

  end(): void {
    this.#state = undefined;
  }
}
