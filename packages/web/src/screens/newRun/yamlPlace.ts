/** A step of the way to a place in a file: a field's name, or one of a list. */
export type Step = { readonly key: string } | "item";

/** Where somebody writes: what is around it, and what is there of the word so far. */
export interface YamlPlace {
  /** From the outermost in. Of a value, its field is the last step. */
  readonly path: readonly Step[];
  readonly kind: "key" | "value";
  readonly typed: string;
  /** Where `typed` begins, counted from the text's beginning. */
  readonly from: number;
}

interface Line {
  /** Columns of its dashes. */
  readonly dashes: readonly number[];
  /** Column of what comes after them. */
  readonly column: number;
  readonly rest: string;
}

/**
 * Where in the file an offset is, by indentation, as block YAML has it. Works on what is half written, where no parser would.
 * Undefined inside a comment, a block of text, and where nothing can be told.
 */
export function yamlPlace(text: string, offset: number): YamlPlace | undefined {
  const lines = text.slice(0, offset).split("\n");
  const current = lines.at(-1) ?? "";
  if (/(^|\s)#/.test(current)) return undefined;
  const line = readLine(current);
  const around = pathAbove(lines.slice(0, -1), line);
  if (around === undefined) return undefined;
  const pair = /^("[^"]*"|[^\s:#][^:#]*?)\s*:(?:\s+(.*))?$/.exec(line.rest);
  if (pair === null) {
    const typed = line.rest.trimStart();
    return { path: around, kind: "key", typed, from: offset - typed.length };
  }
  const value = pair[2] ?? "";
  const typed = /[^[\],{}\s]*$/.exec(value)?.[0] ?? "";
  const inList = /\[[^\]]*$/.test(value);
  const path: readonly Step[] = [...around, { key: unquoted(pair[1] ?? "") }, ...(inList ? (["item"] as const) : [])];
  return { path, kind: "value", typed, from: offset - typed.length };
}

/** How far the way up has come: `limit` is the column of what an owner is sought for, a dash where `isItem`. */
interface Climb {
  readonly path: readonly Step[];
  readonly limit: number;
  readonly isItem: boolean;
}

function pathAbove(lines: readonly string[], line: Line): readonly Step[] | undefined {
  let climb = intoItems({ path: [], limit: line.column, isItem: false }, line.dashes);
  for (const text of lines.toReversed()) {
    if (/^\s*(#|$)/.test(text)) continue;
    const above = readLine(text);
    const key = keyOf(above.rest);
    if (key !== undefined && owns(above, climb)) {
      if (/:\s*[|>][-+0-9]*\s*(#.*)?$/.test(above.rest)) return undefined;
      const entered = { path: [{ key }, ...climb.path], limit: above.column, isItem: false };
      climb = intoItems(entered, above.dashes);
    } else if (!climb.isItem && isInSameItem(above, climb)) {
      climb = intoItems(climb, above.dashes);
    }
  }
  return climb.path;
}

function intoItems(climb: Climb, dashes: readonly number[]): Climb {
  const [limit] = dashes;
  if (limit === undefined) return climb;
  return { path: [...dashes.map(() => "item" as const), ...climb.path], limit, isItem: true };
}

/** A list's dashes may stand right under its field. */
function owns({ dashes, column }: Line, { limit, isItem }: Climb): boolean {
  return column < limit || (isItem && column === limit && dashes.length === 0);
}

function isInSameItem({ dashes, column, rest }: Line, { limit }: Climb): boolean {
  const last = dashes.at(-1);
  return last !== undefined && (column === limit || (rest === "" && last < limit));
}

function keyOf(rest: string): string | undefined {
  const key = /^("[^"]*"|[^\s:#][^:#]*?)\s*:(\s|$)/.exec(rest)?.[1];
  return key === undefined ? undefined : unquoted(key);
}

function unquoted(key: string): string {
  return key.replace(/^"(.*)"$/, "$1");
}

function readLine(text: string): Line {
  const dashes: number[] = [];
  let column = indentOf(text, 0);
  while (text[column] === "-" && (text[column + 1] === " " || column + 1 === text.length)) {
    dashes.push(column);
    column = text.slice(column + 1).trim() === "" ? Math.max(column + 2, text.length) : indentOf(text, column + 1);
  }
  return { dashes, column, rest: text.slice(column) };
}

function indentOf(text: string, from: number): number {
  let at = from;
  while (text[at] === " ") at += 1;
  return at;
}
