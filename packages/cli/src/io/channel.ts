import type { Line } from "../views/text/line.ts";
import { renderLine } from "../views/text/line.ts";
import type { Paint } from "../views/text/paint.ts";
import { paintFor } from "../views/text/paint.ts";

/** What a channel needs of a stream: standard output and standard error have it. */
export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string | Uint8Array, done?: (error?: Error | null) => void): boolean;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "resize", listener: () => void): unknown;
  off(event: "resize", listener: () => void): unknown;
}

/**
 * One way out of the program. When its reader has gone (a closed pipe: `| head`) what is written is dropped without a
 * word; `onClosed` tells who would write for ever.
 */
export class Channel {
  readonly stream: OutputStream;
  readonly paint: Paint;
  readonly #closed = Promise.withResolvers<void>();
  #isClosed = false;
  #holder: ((text: string) => void) | undefined;

  constructor(stream: OutputStream, paint: Paint) {
    this.stream = stream;
    this.paint = paint;
    stream.on("error", (error) => {
      if (!isGone(error)) throw error;
      this.#isClosed = true;
      this.#closed.resolve();
    });
  }

  get isTTY(): boolean {
    return this.stream.isTTY === true;
  }

  /** Infinity where it is no terminal: text for a pipe or a file is never cut. */
  get columns(): number {
    return this.isTTY ? Math.max(20, knownSize(this.stream.columns, 80)) : Number.POSITIVE_INFINITY;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Settles when nobody reads any more; never otherwise. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  write(text: string): void {
    if (this.#holder === undefined) this.writeThrough(text);
    else this.#holder(text);
  }

  /** Past whoever holds it. */
  writeThrough(text: string): void {
    if (!this.#isClosed) this.stream.write(text);
  }

  /**
   * Whoever redraws in place holds its channel, so that nothing written by others, a warning of Node or our last words in a
   * crash, can displace it. Until the answer is called, `write` goes to `holder`.
   */
  hold(holder: (text: string) => void): () => void {
    this.#holder = holder;
    return () => (this.#holder = undefined);
  }

  /** Settles when the reader has taken it: for much data, so that it does not pile up in memory. */
  async writeSlowly(text: string | Uint8Array): Promise<void> {
    if (this.#isClosed) return;
    const written = new Promise<void>((resolve) => {
      this.stream.write(text, () => resolve());
    });
    await Promise.race([written, this.#closed.promise]);
  }

  /** Lines of a view, cut to the terminal's width. */
  lines(lines: readonly Line[]): void {
    const text = lines.map((each) => `${renderLine(each, this.paint, this.columns)}\n`).join("");
    if (text !== "") this.write(text);
  }

  json(value: unknown): void {
    this.write(`${JSON.stringify(value, undefined, 2)}\n`);
  }

  /** Settles when everything written so far has left the program, or nobody reads it. */
  flush(): Promise<void> {
    return this.writeSlowly("");
  }
}

/** A terminal that does not know its own size says 0. */
export function knownSize(size: number | undefined, otherwise: number): number {
  return size === undefined || size <= 0 ? otherwise : size;
}

/** The reader has gone, or the terminal has. */
function isGone(error: Error): boolean {
  return "code" in error && (error.code === "EPIPE" || error.code === "EIO" || error.code === "ERR_STREAM_DESTROYED");
}

/** Everything a command may touch of the outside, so that a test can stand in for it. */
export interface Io {
  /** Data: what the person asked for. */
  readonly out: Channel;
  /** Talk: everything else. */
  readonly talk: Channel;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Stacks of our own bugs, and the like. */
  readonly verbose: boolean;
}

/** The channels of this process. `--no-color` and `--verbose` count wherever they stand before `--`. */
export function createIo(
  argv: readonly string[],
  streams: { readonly out: OutputStream; readonly talk: OutputStream },
): Io {
  const end = argv.indexOf("--");
  const words = end === -1 ? argv : argv.slice(0, end);
  const flag = !words.includes("--no-color");
  const channel = (stream: OutputStream): Channel =>
    new Channel(stream, paintFor({ env: process.env, isTTY: stream.isTTY === true, flag }));
  return {
    out: channel(streams.out),
    talk: channel(streams.talk),
    env: process.env,
    cwd: process.cwd(),
    verbose: words.includes("--verbose"),
  };
}
