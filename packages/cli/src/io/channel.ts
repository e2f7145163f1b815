import type { Wisher } from "@claude-orchestrator/domain";
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
 * One way out of the program. When it takes nothing any more, because its reader has gone (a closed pipe: `| head`) or for
 * any other reason (a full disk), what is written is dropped without a word; `closed` tells who would write for ever.
 * An error here is never thrown: whoever reported it would write it to the same place.
 */
export class Channel {
  readonly stream: OutputStream;
  readonly paint: Paint;
  readonly #closed = Promise.withResolvers<void>();
  #isClosed = false;
  #failure: Error | undefined;
  #holder: ((text: string) => void) | undefined;

  constructor(stream: OutputStream, paint: Paint) {
    this.stream = stream;
    this.paint = paint;
    stream.on("error", (error) => this.#close(error));
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

  /** Why what was written is lost, where the reason is another than a reader who has gone. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Settles when nothing written arrives any more; never otherwise. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  write(text: string): void {
    if (this.#holder === undefined) this.writeThrough(text);
    else this.#holder(text);
  }

  /** Past whoever holds it. */
  writeThrough(text: string): void {
    if (!this.#isClosed) this.stream.write(text, this.#written);
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
      this.stream.write(text, (error) => {
        this.#written(error);
        resolve();
      });
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

  /** A write hears of its error before the stream tells it. */
  readonly #written = (error?: Error | null): void => {
    if (error instanceof Error) this.#close(error);
  };

  /** The first error is the reason; those after it only follow from it. */
  #close(error: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!isGone(error, this.isTTY)) this.#failure = error;
    this.#closed.resolve();
  }
}

/** A terminal that does not know its own size says 0. */
export function knownSize(size: number | undefined, otherwise: number): number {
  return size === undefined || size <= 0 ? otherwise : size;
}

/** The reader has gone, or the terminal has. */
function isGone(error: Error, isTTY: boolean): boolean {
  const code = "code" in error ? error.code : undefined;
  return code === "EPIPE" || code === "ECONNRESET" || code === "ERR_STREAM_DESTROYED" || (code === "EIO" && isTTY);
}

/** Why it could not be written, in a person's words. */
export function whyNotWritten(error: Error): string {
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOSPC") return "no space left";
  if (code === "EDQUOT") return "the disk quota is used up";
  return error.message;
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
  /** For whom a server asks; absent: a command of the machine, which has nobody's name. */
  readonly by?: Wisher | undefined;
  /** Set inside another program's process: by which words ours is started. Signals and the memory of that process are its own. */
  readonly embedded?: { readonly program: readonly string[] };
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
