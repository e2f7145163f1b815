import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { UserError } from "@claude-orchestrator/domain";
import { decodeTarHeader, tarBlock, tarPadding } from "./tarHeader.ts";
import type { TarEntry } from "./tarHeader.ts";

/** What follows the end of an archive is zeros, and not much of them: tar fills its last record up. */
const longestEnd = 1024 * 1024;

/** Reads an archive from its beginning to its end, a member at a time, without ever holding one whole unless asked to. */
export class ArchiveReader {
  readonly #file: string;
  readonly #chunks: AsyncIterator<Buffer>;
  #pending: Buffer = Buffer.alloc(0);

  /** @param chunks the unpacked bytes; @param file for the sentences only */
  private constructor(chunks: AsyncIterable<Buffer>, file: string) {
    this.#file = file;
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Nothing is read yet: an error of the file comes with the first member. */
  static open(file: string): ArchiveReader {
    const packed = createReadStream(file);
    const unpacked = createGunzip();
    packed.on("error", (error) => unpacked.destroy(error));
    unpacked.on("close", () => packed.destroy());
    return new ArchiveReader(packed.pipe(unpacked), file);
  }

  /** The header of the next member. Its bytes must be read, all of them, before the next. @throws UserError file-not-readable */
  async next(): Promise<TarEntry | undefined> {
    const found = decodeTarHeader(await this.#take(tarBlock));
    if (typeof found === "string") throw this.refusal(found);
    return found;
  }

  /** All bytes of a member in pieces, as they come. @throws UserError file-not-readable */
  async *bytesOf({ bytes }: TarEntry): AsyncIterable<Buffer> {
    for (let left = bytes; left > 0;) {
      if (this.#pending.length === 0) await this.#fill();
      const piece = this.#pending.subarray(0, left);
      this.#pending = this.#pending.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
    const padding = await this.#take(tarPadding(bytes));
    if (padding.some((byte) => byte !== 0)) throw this.refusal("something stands between its members");
  }

  /** After the block of zeros that `next` gave `undefined` for. @throws UserError file-not-readable where more follows */
  async expectEnd(): Promise<void> {
    let length = 0;
    for (;;) {
      if (this.#pending.some((byte) => byte !== 0)) throw this.refusal("something follows its end");
      length += this.#pending.length;
      if (length > longestEnd) throw this.refusal("its end has no end");
      this.#pending = Buffer.alloc(0);
      const chunk = await this.#read();
      if (chunk === undefined) return;
      this.#pending = chunk;
    }
  }

  /** Lets go of the file, wherever it stands. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  refusal(why: string, cause?: unknown): UserError {
    return new UserError("file-not-readable", `${this.#file} is not a whole exported run: ${why}`, {
      hint: "export it again with `runs export`",
      cause,
    });
  }

  async #take(length: number): Promise<Buffer> {
    while (this.#pending.length < length) await this.#fill();
    const taken = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return taken;
  }

  async #fill(): Promise<void> {
    const chunk = await this.#read();
    if (chunk === undefined) throw this.refusal("it is cut off");
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
  }

  /** The file missing, no gzip, or broken: each is for the person to put right. */
  async #read(): Promise<Buffer | undefined> {
    try {
      const { value, done } = await this.#chunks.next();
      return done === true ? undefined : value;
    } catch (error) {
      throw (
        unreadable(this.#file, error) ?? this.refusal(error instanceof Error ? error.message : String(error), error)
      );
    }
  }
}

/** Undefined where the file can be read and what is in it is wrong: only then another export helps. */
function unreadable(file: string, error: unknown): UserError | undefined {
  if (!(error instanceof Error) || !("syscall" in error)) return undefined;
  const code = "code" in error ? error.code : undefined;
  const message =
    code === "ENOENT"
      ? `There is no file ${file}`
      : code === "EISDIR"
        ? `${file} is a folder`
        : `${file} cannot be read: ${error.message}`;
  return new UserError("file-not-readable", message, { hint: "name the file that `runs export` wrote", cause: error });
}
