import { StringDecoder } from "node:string_decoder";

/** An event longer than this is not read: its stream is then counted by what else was seen of it. */
const longestEvent = 16 * 1024 * 1024;

/**
 * Reads the data of server-sent events out of bytes that come in any pieces. Any of the three line ends; memory is bounded by
 * the longest event. What it does not read it does not fail at.
 */
export class EventFrames {
  readonly #onData: (data: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  /** Pieces of the line that has not ended yet. */
  #line: string[] = [];
  #lineLength = 0;
  #data: string[] = [];
  #dataLength = 0;
  #afterReturn = false;
  #isTooLong = false;

  constructor(onData: (data: string) => void) {
    this.#onData = onData;
  }

  take(bytes: Uint8Array): void {
    this.#takeText(this.#decoder.write(bytes));
  }

  /** An event without the empty line at its end counts as well: a server may leave it out before it closes. */
  end(): void {
    this.#takeText(this.#decoder.end());
    this.#endLine("");
    this.#endEvent();
  }

  #takeText(text: string): void {
    let from = this.#afterReturn && text.startsWith("\n") ? 1 : 0;
    if (text !== "") this.#afterReturn = false;
    const ends = /\r\n|\n|\r/g;
    ends.lastIndex = from;
    for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
      this.#endLine(text.slice(from, end.index));
      from = ends.lastIndex;
      // The line feed of this return may be the first of the next piece.
      this.#afterReturn = end[0] === "\r" && from === text.length;
    }
    this.#keep(text.slice(from));
  }

  #keep(piece: string): void {
    if (piece === "") return;
    this.#lineLength += piece.length;
    if (this.#lineLength > longestEvent) this.#isTooLong = true;
    else this.#line.push(piece);
  }

  #endLine(last: string): void {
    this.#keep(last);
    const line = this.#line.join("");
    this.#line = [];
    const isEmpty = this.#lineLength === 0;
    this.#lineLength = 0;
    if (isEmpty) this.#endEvent();
    else if (line.startsWith("data:")) this.#addData(line.startsWith("data: ") ? line.slice(6) : line.slice(5));
  }

  #addData(text: string): void {
    this.#dataLength += text.length;
    if (this.#dataLength > longestEvent) this.#isTooLong = true;
    else this.#data.push(text);
  }

  #endEvent(): void {
    const data = this.#data.join("\n");
    const isRead = this.#data.length > 0 && !this.#isTooLong;
    this.#data = [];
    this.#dataLength = 0;
    this.#isTooLong = false;
    if (isRead) this.#onData(data);
  }
}
