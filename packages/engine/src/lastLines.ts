const keptLines = 12;
const keptLength = 500;

/** Remembers the last few lines of a stream, cut to a readable length, for the report of a failure. */
export class LastLines {
  readonly #lines: string[] = [];

  add(line: string): void {
    if (line.trim() === "") return;
    // A copy, since a slice would keep the whole line, which may be of many megabytes, in memory.
    this.#lines.push(line.length > keptLength ? ` ${line.slice(0, keptLength)}…`.slice(1) : line);
    if (this.#lines.length > keptLines) this.#lines.shift();
  }

  get all(): readonly string[] {
    return this.#lines;
  }

  get last(): string | undefined {
    return this.#lines.at(-1);
  }
}
