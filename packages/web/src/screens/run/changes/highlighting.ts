import type { LineTokens } from "./codeTokens.ts";

export interface HighlightQuestion {
  readonly number: number;
  readonly language: string;
  readonly texts: readonly string[];
}

export interface HighlightAnswer {
  readonly number: number;
  /** Of each text, the tokens of each of its lines. */
  readonly tokens: readonly (readonly LineTokens[])[];
}

/** What reads code: a worker, of the kind that a test can stand in for. */
export interface CodeReader {
  ask(question: HighlightQuestion): void;
  end(): void;
}

export type StartReader = (heard: (answer: HighlightAnswer) => void, failed: () => void) => CodeReader;

type Take = (tokens: HighlightAnswer["tokens"]) => void;

interface Waiting {
  readonly language: string;
  readonly texts: readonly string[];
  readonly take: Take;
}

/** Some code makes a highlighter's patterns explode: what is not read by then stays as it is. */
const longestMs = 3000;

/**
 * Has code read beside the page, one text after the other: what it is for is seen first without. A reader that takes too long or fails
 * is ended, and another one goes on with the next.
 */
export class Highlighting {
  readonly #start: StartReader;
  readonly #waiting: Waiting[] = [];
  #reader: CodeReader | undefined;
  #current: { readonly number: number; readonly take: Take; readonly timer: ReturnType<typeof setTimeout> } | undefined;
  #asked = 0;

  constructor(start: StartReader) {
    this.#start = start;
  }

  /** `take` is called at most once; what is returned sees to it that it is not called any more. */
  ask(language: string, texts: readonly string[], take: Take): () => void {
    let isWanted = true;
    const waiting = { language, texts, take: (tokens: HighlightAnswer["tokens"]) => isWanted && take(tokens) };
    this.#waiting.push(waiting);
    this.#next();
    return () => {
      isWanted = false;
      const at = this.#waiting.indexOf(waiting);
      if (at !== -1) this.#waiting.splice(at, 1);
    };
  }

  end(): void {
    this.#waiting.length = 0;
    this.#giveUp();
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#asked += 1;
    this.#current = {
      number: this.#asked,
      take: next.take,
      timer: setTimeout(() => this.#goOnWithout(), longestMs),
    };
    this.#reader ??= this.#start(
      (answer) => this.#heard(answer),
      () => this.#goOnWithout(),
    );
    this.#reader.ask({ number: this.#asked, language: next.language, texts: next.texts });
  }

  #heard({ number, tokens }: HighlightAnswer): void {
    const current = this.#current;
    if (current?.number !== number) return;
    clearTimeout(current.timer);
    this.#current = undefined;
    current.take(tokens);
    this.#next();
  }

  #goOnWithout(): void {
    this.#giveUp();
    this.#next();
  }

  #giveUp(): void {
    clearTimeout(this.#current?.timer);
    this.#current = undefined;
    this.#reader?.end();
    this.#reader = undefined;
  }
}
