import { foldAsRead } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";
import { budgetUses, SpendingHistory } from "../budgetUse.ts";
import type { Glyphs } from "../text/glyphs.ts";
import { renderLine } from "../text/line.ts";
import type { Paint } from "../text/paint.ts";
import { noPaint } from "../text/paint.ts";
import { liveLines } from "./liveLines.ts";
import type { Terminal } from "./liveScreen.ts";
import { LiveScreen } from "./liveScreen.ts";

/** At most ten frames a second. */
const frameMs = 100;
const tickMs = 1000;

export interface LiveViewParts {
  readonly terminal: Terminal & {
    on(event: "resize", listener: () => void): unknown;
    off(event: "resize", listener: () => void): unknown;
  };
  readonly paint: Paint;
  readonly glyphs: Glyphs;
  /** ms since 1970. */
  readonly now: () => number;
}

/**
 * The view of a terminal: folds events, redraws in place.
 *
 * 1. A frame is drawn only where something changed: an event, a second, the screen's size. Never more than ten a second.
 * 2. After `end` nothing is written, and the cursor is visible.
 */
export class LiveView {
  readonly #parts: LiveViewParts;
  readonly #screen: LiveScreen;
  readonly #ticker: NodeJS.Timeout;
  readonly #onResize = (): void => this.#changed();
  #state: RunState | undefined;
  #notice: string | undefined;
  #history: SpendingHistory | undefined;
  #lastFrame = "";
  #lastDrawnAt = 0;
  #pending: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(parts: LiveViewParts) {
    this.#parts = parts;
    this.#screen = new LiveScreen(parts.terminal);
    this.#ticker = setInterval(() => this.#changed(), tickMs);
    this.#ticker.unref();
    parts.terminal.on("resize", this.#onResize);
  }

  show(events: readonly LoggedEvent[]): void {
    this.#state = foldAsRead(events, this.#state, (event, isPassedOver) => {
      if (isPassedOver) return;
      if (event.type === "run-created") this.#history = new SpendingHistory(event.plan.limits);
      this.#history?.add(event);
    });
    this.#changed();
  }

  /** Prints lines that stay, above the view. */
  print(text: string): void {
    if (this.#ended) {
      this.#parts.terminal.write(text);
      return;
    }
    this.#screen.printAbove(text);
    this.#lastFrame = "";
    this.#changed();
  }

  /** What stays in sight, under the first line, until it is taken back. */
  setNotice(notice: string | undefined): void {
    this.#notice = notice;
    this.#changed();
  }

  /** Takes the view away: the summary says it all. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#ticker);
    clearTimeout(this.#pending);
    this.#parts.terminal.off("resize", this.#onResize);
    this.#screen.end();
  }

  #changed(): void {
    if (this.#ended || this.#pending !== undefined) return;
    const wait = this.#lastDrawnAt + frameMs - this.#parts.now();
    if (wait <= 0 || wait > frameMs) {
      this.#draw();
      return;
    }
    this.#pending = setTimeout(() => {
      this.#pending = undefined;
      this.#draw();
    }, wait);
    this.#pending.unref();
  }

  #draw(): void {
    if (this.#ended || this.#state === undefined || this.#history === undefined) return;
    const now = this.#parts.now();
    const { columns, rows } = this.#screen;
    const uses = budgetUses(this.#state, this.#history, now);
    const notice = this.#notice === undefined ? {} : { notice: this.#notice };
    const lines = liveLines(this.#state, uses, { now, columns, rows, glyphs: this.#parts.glyphs, ...notice });
    const painted = lines.map((each) => renderLine(each, this.#parts.paint, columns));
    const frame = `${columns}x${rows}\n${painted.join("\n")}`;
    if (frame === this.#lastFrame) return;
    this.#lastFrame = frame;
    this.#lastDrawnAt = now;
    const plain = lines.map((each) => renderLine(each, noPaint, columns));
    this.#screen.draw(painted, plain);
  }
}
