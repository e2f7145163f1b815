import type { RawProblem } from "../problems.ts";
import { quoted } from "../shown.ts";
import { isCommentKey, objectNode, sourceLimits, type SourceEntry, type SourceNode } from "./sourceNode.ts";

export interface ReadResult {
  readonly root: SourceNode | undefined;
  readonly problems: readonly RawProblem[];
}

/**
 * Reads strict JSON with the place of every value. The first mistake of syntax ends it, with a sentence that says what
 * was meant; duplicate keys are all reported. Never throws.
 */
export function readJson(text: string): ReadResult {
  const reader = new JsonReader(text);
  try {
    const root = reader.readValue(0);
    reader.skipSpace();
    if (!reader.atEnd) throw reader.stop("there is text after the end of the JSON value", reader.commentHint());
    return { root, problems: reader.problems };
  } catch (error) {
    if (!(error instanceof JsonStop)) throw error;
    return { root: undefined, problems: [...reader.problems, error.problem] };
  }
}

/** However it is written: as a byte the file itself is refused for it. */
export const nulInText = {
  message: "a NUL character stands in this text, which no program can be given",
  hint: "remove it",
} as const;

class JsonStop extends Error {
  readonly problem: RawProblem;

  constructor(problem: RawProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

const commentMessage = "JSON has no comments";
const commentHint = 'put notes under a key that begins with //, such as "// note": "…", or write the file as YAML';
const numberShape = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordShape = /[\p{L}_$][\p{L}\p{N}_$-]*/uy;
const spaceShape = /[ \t\r\n]*/y;
const words: Readonly<Record<string, null | boolean>> = { null: null, true: true, false: false };
const misspelledWords: Readonly<Record<string, string>> = {
  None: "null",
  nil: "null",
  undefined: "null",
  True: "true",
  False: "false",
};

class JsonReader {
  readonly problems: RawProblem[] = [];
  private at = 0;
  private values = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  stop(message: string, hint?: string, offset = this.at): JsonStop {
    const isComment = hint === commentHint;
    return new JsonStop({ offset, message: isComment ? commentMessage : message, hint });
  }

  /** The hint about comments where one begins here. */
  commentHint(): string | undefined {
    return /^(?:\/\/|\/\*|#)/.test(this.text.slice(this.at, this.at + 2)) ? commentHint : undefined;
  }

  skipSpace(): void {
    this.at = this.match(spaceShape)?.end ?? this.at;
  }

  readValue(depth: number): SourceNode {
    this.skipSpace();
    this.values += 1;
    if (this.values > sourceLimits.values) throw this.stop(`the file holds more than ${sourceLimits.values} values`);
    if (depth > sourceLimits.depth)
      throw this.stop(`lists and objects are nested more than ${sourceLimits.depth} deep`);
    const start = this.at;
    const first = this.text.charAt(start);
    if (first === "{") return this.readObject(depth);
    if (first === "[") return this.readList(depth);
    if (first === '"') return { kind: "scalar", value: this.readString(), start, end: this.at };
    const number = this.match(numberShape);
    if (number !== undefined && number.end > start) return this.readNumber(number);
    return this.readWord(start);
  }

  private readNumber({ text, end }: { readonly text: string; readonly end: number }): SourceNode {
    const start = this.at;
    const value = Number(text);
    if (/[\w.]/.test(this.text.charAt(end)))
      throw this.stop("this is not a number JSON knows", "text stands in double quotes");
    if (!Number.isFinite(value)) throw this.stop("this number is too large");
    this.at = end;
    return { kind: "scalar", value, start, end };
  }

  private readWord(start: number): SourceNode {
    if (this.atEnd) throw this.stop("the file ends where a value should be");
    const word = this.match(wordShape);
    if (word === undefined) {
      const character = this.text.charAt(start);
      const hint = character === "'" ? "text stands in double quotes in JSON" : this.commentHint();
      throw this.stop(`${quoted(character)} stands where a value should be`, hint);
    }
    const value = Object.hasOwn(words, word.text) ? words[word.text] : undefined;
    if (value === undefined) {
      const meant = misspelledWords[word.text];
      throw this.stop(
        `${quoted(word.text)} is not a JSON value`,
        meant === undefined ? "text stands in double quotes in JSON" : `write \`${meant}\``,
      );
    }
    this.at = word.end;
    return { kind: "scalar", value, start, end: word.end };
  }

  private readList(depth: number): SourceNode {
    const start = this.at;
    this.at += 1;
    const items: SourceNode[] = [];
    this.skipSpace();
    if (this.take("]")) return { kind: "list", items, start, end: this.at };
    for (;;) {
      items.push(this.readValue(depth + 1));
      if (!this.another("]", start)) return { kind: "list", items, start, end: this.at };
    }
  }

  private readObject(depth: number): SourceNode {
    const start = this.at;
    this.at += 1;
    const entries: SourceEntry[] = [];
    const seen = new Map<string, number>();
    this.skipSpace();
    if (this.take("}")) return objectNode(entries, { start, end: this.at });
    for (;;) {
      const entry = this.readEntry(depth);
      if (!isCommentKey(entry.key, depth)) this.noteDuplicate(entry, seen);
      entries.push(entry);
      if (!this.another("}", start)) return objectNode(entries, { start, end: this.at });
    }
  }

  private readEntry(depth: number): SourceEntry {
    this.skipSpace();
    const start = this.at;
    if (this.text.charAt(start) !== '"') {
      const hint = this.commentHint() ?? "a key stands in double quotes in JSON";
      throw this.stop(`${this.shownHere()} stands where a key should be`, hint);
    }
    const key = this.readString();
    const keySpan = { start, end: this.at };
    this.skipSpace();
    if (!this.take(":")) throw this.stop(`a colon is missing after the key ${quoted(key)}`, this.commentHint());
    return { key, keySpan, value: this.readValue(depth + 1) };
  }

  private noteDuplicate({ key, keySpan }: SourceEntry, seen: Map<string, number>): void {
    const first = seen.get(key);
    if (first === undefined) seen.set(key, keySpan.start);
    else this.problems.push(duplicateKey(key, keySpan.start));
  }

  /** After an entry: true where another follows, false where the list or object closes. */
  private another(close: "]" | "}", opened: number): boolean {
    this.skipSpace();
    if (this.take(close)) return false;
    if (this.atEnd) {
      const open = close === "]" ? "[" : "{";
      throw this.stop(
        `this \`${open}\` is never closed`,
        `the file ends where a comma or \`${close}\` should be`,
        opened,
      );
    }
    const comma = this.at;
    if (!this.take(",")) {
      throw this.stop(`${this.shownHere()} stands where a comma or \`${close}\` should be`, this.commentHint());
    }
    this.skipSpace();
    if (this.text.charAt(this.at) === close)
      throw this.stop("there is a comma with nothing after it", "remove it", comma);
    return true;
  }

  private readString(): string {
    const start = this.at;
    for (let at = start + 1; at < this.text.length; at += 1) {
      const code = this.text.charCodeAt(at);
      if (code === 0x22) {
        this.at = at + 1;
        return this.decodeString(start, this.at);
      }
      if (code === 0x5c) at += 1;
      else if (code < 0x20) {
        this.at = at;
        throw code === 0x0a || code === 0x0d
          ? this.stop("this text is not closed on its line", String.raw`write a line break inside a text as \n`, start)
          : this.stop("a control character stands in a text", String.raw`write a tab as \t, others as \u0000`);
      }
    }
    throw this.stop("this text is never closed", 'it begins with " and the file ends before the next one', start);
  }

  private decodeString(start: number, end: number): string {
    const literal = this.text.slice(start, end);
    if (!literal.includes("\\")) return literal.slice(1, -1);
    const bad = /\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(literal.replaceAll("\\\\", "  "));
    if (bad === null) {
      const text = JSON.parse(literal) as string;
      if (text.includes("\0")) throw this.stop(nulInText.message, nulInText.hint, start);
      return text;
    }
    throw this.stop("this is not an escape JSON knows", String.raw`write \\ for a backslash`, start + bad.index);
  }

  private shownHere(): string {
    if (this.atEnd) return "the end of the file";
    return quoted(this.match(wordShape)?.text ?? String.fromCodePoint(this.text.codePointAt(this.at) ?? 0x20));
  }

  private take(character: string): boolean {
    if (this.text.charAt(this.at) !== character) return false;
    this.at += 1;
    return true;
  }

  private match(shape: RegExp): { readonly text: string; readonly end: number } | undefined {
    shape.lastIndex = this.at;
    const found = shape.exec(this.text)?.[0];
    return found === undefined ? undefined : { text: found, end: this.at + found.length };
  }
}

/** The sentence for a key that stands twice in one object. */
export function duplicateKey(key: string, offset: number): RawProblem {
  return {
    offset,
    message: `the key ${quoted(key)} is written twice in the same place`,
    hint: "keep one of them: the other would be lost",
  };
}
