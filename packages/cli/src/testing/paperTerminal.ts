import { EventEmitter } from "node:events";

const sequence = new RegExp(String.raw`\u001b\[[?\d;]*[A-Za-z]|[\s\S]`, "g");

/** A terminal on paper: understands what the live view writes, and tells what a person would see. Characters are one column wide. */
export class PaperTerminal extends EventEmitter {
  readonly isTTY = true;
  columns: number;
  rows: number;
  /** Everything ever shown, with what has scrolled off at the top; the screen is the last `rows` of it. */
  #lines: string[] = [""];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string | Uint8Array): boolean {
    for (const [token] of String(text).matchAll(sequence)) this.#take(token);
    return true;
  }

  /** The lines a person can see or scroll back to, without empty ones at the end. */
  get text(): string {
    return this.#lines
      .map((each) => each.trimEnd())
      .join("\n")
      .trimEnd();
  }

  #take(token: string): void {
    if (token === "\n") this.#newLine();
    else if (token === "\r") this.#column = 0;
    else if (token.length === 1) this.#put(token);
    else this.#command(token.at(-1) ?? "", Number.parseInt(token.slice(2), 10) || 1);
  }

  #newLine(): void {
    this.#row += 1;
    this.#column = 0;
    this.#lines[this.#row] ??= "";
  }

  #put(character: string): void {
    if (this.#column >= this.columns) this.#newLine();
    const line = (this.#lines[this.#row] ?? "").padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
    this.#column += 1;
  }

  #command(letter: string, count: number): void {
    if (letter === "A") this.#row = Math.max(this.#row - count, this.#lines.length - this.rows, 0);
    if (letter === "K" || letter === "J") {
      this.#lines[this.#row] = (this.#lines[this.#row] ?? "").slice(0, this.#column);
      if (letter === "J") this.#lines.length = this.#row + 1;
    }
  }
}
