import type { Step, YamlPlace } from "./yamlPlace.ts";

/** True for a file written as JSON: then places are told by brackets, not by indentation. */
export function isJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

/** As in YAML; of a word in quotes, `from` is after the first of them. */
export interface JsonPlace extends YamlPlace {
  readonly isQuoted: boolean;
}

interface Around {
  readonly kind: "object" | "list";
  /** Of an object: the field whose value is being written. */
  key: string | undefined;
}

/** A word or a text in quotes, which are left out. */
interface Word {
  readonly text: string;
  readonly isQuoted: boolean;
  /** Whether it goes on where the reading ends. */
  readonly isOpen: boolean;
}

/**
 * Where in a JSON file an offset is. Works on what is half written, where no parser would. Undefined where nothing can be told: before
 * the file begins, after it ends.
 */
export function jsonPlace(text: string, offset: number): JsonPlace | undefined {
  const { stack, last } = readTo(text.slice(0, offset));
  const here = stack.at(-1);
  if (here === undefined) return undefined;
  const written = last?.isOpen === true ? last : undefined;
  // After a whole word comes a colon or a comma: nothing can be offered there.
  if (last !== undefined && written === undefined) return undefined;
  const typed = written?.text ?? "";
  const place = { typed, from: offset - typed.length, isQuoted: written?.isQuoted === true };
  const path = stack.flatMap((each) => stepInto(each));
  if (here.kind === "object" && here.key === undefined) return { ...place, path, kind: "key" };
  return { ...place, path, kind: "value" };
}

function stepInto({ kind, key }: Around): readonly Step[] {
  if (kind === "list") return ["item"];
  return key === undefined ? [] : [{ key }];
}

interface Reading {
  readonly stack: Around[];
  /** The word before, as long as nothing has come of it. */
  last: Word | undefined;
}

/** What is open where the text ends, and the word that stands there. */
function readTo(text: string): Reading {
  const reading: Reading = { stack: [], last: undefined };
  for (const token of text.matchAll(/"((?:[^"\\\n]|\\.)*)("?)|[{}[\]:,]|[^\s{}[\]:,"]+/g)) {
    if (/^[{}[\]:,]$/.test(token[0])) takeMark(reading, token[0]);
    else reading.last = wordOf(token, text.length);
  }
  return reading;
}

function wordOf(token: RegExpExecArray, length: number): Word {
  const [all, quoted, end] = token;
  const reachesEnd = token.index + all.length === length;
  return { text: quoted ?? all, isQuoted: quoted !== undefined, isOpen: reachesEnd && end !== '"' };
}

function takeMark(reading: Reading, mark: string): void {
  const { stack, last } = reading;
  const here = stack.at(-1);
  reading.last = undefined;
  switch (mark) {
    case ":":
      if (here?.kind === "object") here.key ??= last?.text ?? "";
      break;
    case ",":
      if (here !== undefined) here.key = undefined;
      break;
    case "{":
      stack.push({ kind: "object", key: undefined });
      break;
    case "[":
      stack.push({ kind: "list", key: undefined });
      break;
    default:
      stack.pop();
      reading.last = wholeValue;
  }
}

/** What was opened and closed again. */
const wholeValue: Word = { text: "", isQuoted: false, isOpen: false };

/** The field's name that an offset is in or right beside, with its path, itself included; undefined where there is none. */
export function jsonFieldAt(
  text: string,
  offset: number,
): { readonly path: readonly Step[]; readonly from: number; readonly to: number } | undefined {
  for (const token of text.matchAll(/"((?:[^"\\\n]|\\.)*)"\s*:/g)) {
    const key = token[1] ?? "";
    const to = token.index + key.length + 2;
    if (token.index > offset) return undefined;
    if (offset > to) continue;
    const place = jsonPlace(text, token.index + 1);
    // What looks like one may stand in a text.
    return place?.kind === "key" ? { path: [...place.path, { key }], from: token.index, to } : undefined;
  }
  return undefined;
}
