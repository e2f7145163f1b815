import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import type { Transform } from "node:stream";
import type { Dialect } from "../dialects/dialect.ts";
import { EventFrames } from "./eventFrames.ts";
import { HeardAnswer } from "./heardAnswer.ts";

/** A whole answer longer than this is not read: it is then counted by estimate. */
const longestAnswer = 32 * 1024 * 1024;

interface AnswerHeaders {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
}

/** Listens to the bytes of an answer that passes, whatever they are packed in, and changes nothing of them. */
export class AnswerMeter {
  readonly heard: HeardAnswer;
  readonly #reader: { take(bytes: Uint8Array): void; end(): void };
  readonly #unpacker: Transform | undefined;
  /** Settles when the unpacker can give no more, whatever happened to it. */
  readonly #unpacked: Promise<void> | undefined;
  /** It is nothing that can be heard, or its packing is broken: nothing more is. */
  #isDeaf: boolean;

  constructor(dialect: Dialect, { contentType, contentEncoding }: AnswerHeaders) {
    this.heard = new HeardAnswer(dialect);
    const type = contentType?.toLowerCase() ?? "application/json";
    const isStream = type.includes("text/event-stream");
    this.#isDeaf = !isStream && !type.includes("json");
    this.#reader = isStream
      ? new EventFrames((data) => this.heard.takeText(data))
      : new WholeText((text) => this.heard.takeText(text));
    const packing = (contentEncoding ?? "identity").trim().toLowerCase();
    if (packing === "identity" || packing === "") return;
    this.#unpacker = unpackers.get(packing)?.();
    if (this.#unpacker === undefined) this.#isDeaf = true;
    const unpacker = this.#unpacker;
    unpacker?.on("data", (bytes: Buffer) => this.#reader.take(bytes));
    unpacker?.on("error", () => (this.#isDeaf = true));
    this.#unpacked = new Promise((resolve) => unpacker?.once("close", resolve));
  }

  /** The next bytes, once there is room for them: memory stays flat however fast they come. */
  async take(bytes: Uint8Array): Promise<void> {
    if (this.#isDeaf) return;
    const unpacker = this.#unpacker;
    if (unpacker === undefined) this.#reader.take(bytes);
    else if (!unpacker.write(bytes)) {
      await Promise.race([new Promise((resolve) => unpacker.once("drain", resolve)), this.#unpacked]);
    }
  }

  /** After the last byte: everything has been heard then. */
  async end(): Promise<void> {
    const unpacker = this.#unpacker;
    if (unpacker !== undefined && !this.#isDeaf) {
      unpacker.end();
      await this.#unpacked;
    }
    this.#reader.end();
  }

  /** Gives back what it holds, where it does not come to `end`. */
  close(): void {
    this.#isDeaf = true;
    this.#unpacker?.destroy();
  }
}

const unpackers: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
  ["zstd", createZstdDecompress],
]);

class WholeText {
  readonly #onText: (text: string) => void;
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(onText: (text: string) => void) {
    this.#onText = onText;
  }

  take(bytes: Uint8Array): void {
    this.#length += bytes.byteLength;
    if (this.#length > longestAnswer) this.#chunks = [];
    else this.#chunks.push(bytes);
  }

  end(): void {
    if (this.#length <= longestAnswer) this.#onText(Buffer.concat(this.#chunks).toString("utf8"));
  }
}
