import type { IncomingMessage, ServerResponse } from "node:http";
import { drained } from "../proxy/answerPassage.ts";
import { endToEnd } from "../proxy/headers.ts";
import { joinSplitTexts } from "./joinSplitTexts.ts";
import type { AnswerEnd, AnswerPiece, RecordedAnswer } from "./interaction.ts";

/** Kept of an answer's headers: what an agent acts on, and by which a person finds the request at the API again. */
const keptHeaders =
  /^(?:content-type|content-encoding|retry-after|retry-after-ms|request-id|x-request-id|x-should-retry|anthropic-ratelimit-.*|x-ratelimit-.*)$/;

/** Takes an answer down while it passes. */
export class AnswerTape {
  readonly #answer: IncomingMessage;
  readonly #elapsed: () => number;
  readonly #chunks: { readonly afterMs: number; readonly bytes: Buffer }[] = [];

  /** @param elapsed ms since the request was sent */
  constructor(answer: IncomingMessage, elapsed: () => number) {
    this.#answer = answer;
    this.#elapsed = elapsed;
  }

  /** Byte for byte, no faster than it is read. The answer is not ended: that is told only once it is kept. Never rejects. */
  async passOn(response: ServerResponse): Promise<AnswerEnd> {
    const answer = this.#answer;
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders));
    response.flushHeaders();
    try {
      for await (const chunk of answer) {
        const bytes = chunk as Buffer;
        this.#chunks.push({ afterMs: this.#elapsed(), bytes });
        if (response.destroyed) return "left";
        if (!response.write(bytes)) await drained(response);
      }
    } catch {
      return response.destroyed ? "left" : "cut";
    }
    return answer.complete ? "whole" : "cut";
  }

  /** @param clean takes secrets and folders of this machine out of a text */
  recorded(end: AnswerEnd, clean: (text: string) => string): RecordedAnswer {
    const { statusCode = 502, headers } = this.#answer;
    const kept = Object.entries(headers).flatMap(([name, value]) =>
      keptHeaders.test(name) && typeof value === "string" ? [[name, clean(value)] as const] : [],
    );
    const all = Buffer.concat(this.#chunks.map(({ bytes }) => bytes));
    const common = { status: statusCode, headers: kept, end };
    if (isBinary(all) || headers["content-encoding"] !== undefined) {
      const pieces = this.#chunks.map(({ afterMs, bytes }) => ({ afterMs, text: bytes.toString("base64") }));
      return { ...common, written: "base64", pieces };
    }
    const type = headers["content-type"] ?? "";
    const pieces = type.includes("text/event-stream")
      ? joinSplitTexts(this.#events(), clean)
      : [
          {
            afterMs: this.#chunks.at(-1)?.afterMs ?? 0,
            text: spreadOut(all.toString("utf8").replaceAll("\r\n", "\n")),
          },
        ];
    return { ...common, written: "text", pieces: pieces.map(({ afterMs, text }) => ({ afterMs, text: clean(text) })) };
  }

  /** Event by event, each with the moment at which it was there whole; what came of a last one as well. */
  #events(): readonly AnswerPiece[] {
    const decoder = new TextDecoder();
    const pieces: AnswerPiece[] = [];
    let open = "";
    let afterMs = 0;
    for (const chunk of this.#chunks) {
      ({ afterMs } = chunk);
      open = `${open}${decoder.decode(chunk.bytes, { stream: true })}`.replaceAll("\r\n", "\n");
      const end = open.lastIndexOf("\n\n");
      if (end === -1) continue;
      const whole = open.slice(0, end + 2);
      pieces.push(...whole.split(/(?<=\n\n)(?!\n)/).map((text) => ({ afterMs, text })));
      open = open.slice(end + 2);
    }
    return open === "" ? pieces : [...pieces, { afterMs, text: open }];
  }
}

function isBinary(bytes: Buffer): boolean {
  try {
    // A null is text to a decoder, and nothing a person reads.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).includes("\0");
  } catch {
    return true;
  }
}

/** JSON on many lines means the same, and a difference of two is seen. */
function spreadOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
