import { knownSize } from "../../io/channel.ts";
import { displayWidth } from "../text/displayWidth.ts";

/** What the live view needs of a terminal. */
export interface Terminal {
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  write(text: string): unknown;
}

const escape = "\u001b[";
const hideCursor = `${escape}?25l`;
const showCursor = `${escape}?25h`;
/** A terminal that knows synchronized output shows the frame at once; others ignore it. */
const beginFrame = `${escape}?2026h`;
const endFrame = `${escape}?2026l`;
/** Without wrapping, a width the terminal sees otherwise than we do costs a cut line, never a broken screen. */
const wrapOff = `${escape}?7l`;
const wrapOn = `${escape}?7h`;
const eraseBelow = `${escape}J`;
const eraseRight = `${escape}K`;

/**
 * Draws frames over one another at the place where the cursor was, in the ordinary screen, so that what was printed before
 * stays in the scrollback. `end` takes the last frame away, for nothing that was so a moment ago may stay on the screen, and gives the
 * cursor back; safe to call twice.
 */
export class LiveScreen {
  readonly #terminal: Terminal;
  #drawn: readonly string[] = [];
  #active = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get columns(): number {
    return knownSize(this.#terminal.columns, 80);
  }

  get rows(): number {
    return knownSize(this.#terminal.rows, 24);
  }

  /** Replaces the last frame. `plain` are the lines without colour, as wide as they will look. */
  draw(painted: readonly string[], plain: readonly string[]): void {
    const before = this.#active ? "" : hideCursor;
    this.#active = true;
    const body = painted.map((each) => `${each}${eraseRight}\n`).join("");
    this.#terminal.write(`${before}${beginFrame}${wrapOff}${this.#home()}${body}${eraseBelow}${wrapOn}${endFrame}`);
    this.#drawn = plain;
  }

  /** Takes the last frame away and writes `text` (whole lines) in its place; the next frame comes below it. */
  printAbove(text: string): void {
    this.#terminal.write(`${this.#home()}${eraseBelow}${text}${text.endsWith("\n") ? "" : "\n"}`);
    this.#drawn = [];
  }

  end(): void {
    if (!this.#active) return;
    this.#active = false;
    const erase = `${this.#home()}${eraseBelow}`;
    this.#drawn = [];
    this.#terminal.write(`${erase}${wrapOn}${showCursor}`);
  }

  /** To the first line of the last frame: a screen made narrower has broken its lines into more. */
  #home(): string {
    const rows = this.#drawn.reduce((sum, each) => sum + Math.max(1, Math.ceil(displayWidth(each) / this.columns)), 0);
    const up = Math.min(rows, this.rows);
    return up === 0 ? "\r" : `\r${escape}${up}A`;
  }
}
