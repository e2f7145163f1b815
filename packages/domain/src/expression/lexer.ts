import { ExpressionError } from "./expressionError.ts";
import { expressionLimits } from "./limits.ts";

export type Token =
  | { readonly kind: "number"; readonly value: number; readonly offset: number }
  | { readonly kind: "string"; readonly value: string; readonly offset: number }
  | { readonly kind: "name"; readonly value: string; readonly offset: number }
  | { readonly kind: "symbol"; readonly value: string; readonly offset: number }
  | { readonly kind: "end"; readonly offset: number };

const nameShape = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const numberShape = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const symbolShape = /\|\||&&|[=!<>]=|[<>!()[\].,]/y;
const spaceShape = /[ \t\r\n]*/y;
const mistaken: Readonly<Record<string, string>> = {
  "=": "write `==` to compare",
  "&": "write `&&` or `and`",
  "|": "write `||` or `or`",
  "`": "write text as 'text' or \"text\"",
};

export interface LexedExpression {
  readonly tokens: readonly Token[];
  /** Just after the expression, and after its closing `}}` where one was asked for. */
  readonly end: number;
}

/**
 * Cuts an expression into tokens, from `start` to the end of the text, or to `}}` where `closed` is set.
 * Throws ExpressionError for a character that means nothing, and for more than the allowed length.
 */
export function lexExpression(text: string, start: number, closed: boolean): LexedExpression {
  const tokens: Token[] = [];
  let at = start;
  for (;;) {
    at = matchAt(spaceShape, text, at)?.end ?? at;
    if (at - start > expressionLimits.textLength) throw tooLong(start);
    if (closed && text.startsWith("}}", at)) {
      tokens.push({ kind: "end", offset: at });
      return { tokens, end: at + 2 };
    }
    if (at >= text.length) {
      if (closed) throw new ExpressionError("`${{` is never closed by `}}`", start - 3);
      tokens.push({ kind: "end", offset: at });
      return { tokens, end: at };
    }
    const { token, end } = nextToken(text, at);
    tokens.push(token);
    at = end;
  }
}

function nextToken(text: string, at: number): { readonly token: Token; readonly end: number } {
  const first = text.charAt(at);
  if (first === "'" || first === '"') return lexString(text, at, first);
  const number = matchAt(numberShape, text, at);
  if (number !== undefined) {
    // Adding zero turns -0 into 0: JSON has one zero.
    const value = Number(number.text) + 0;
    if (!Number.isFinite(value)) throw new ExpressionError(`the number ${clip(number.text)} is too large`, at);
    return { token: { kind: "number", value, offset: at }, end: number.end };
  }
  const name = matchAt(nameShape, text, at);
  if (name !== undefined) return { token: { kind: "name", value: name.text, offset: at }, end: name.end };
  const symbol = matchAt(symbolShape, text, at);
  if (symbol !== undefined) return { token: { kind: "symbol", value: symbol.text, offset: at }, end: symbol.end };
  const odd = String.fromCodePoint(text.codePointAt(at) ?? 0);
  throw new ExpressionError(`${JSON.stringify(odd)} means nothing in an expression`, at, mistaken[first]);
}

/** '…' holds everything as it stands, with '' for a quote; "…" is a JSON string. Both may run over lines. */
function lexString(text: string, start: number, quote: "'" | '"'): { readonly token: Token; readonly end: number } {
  const parts: string[] = [];
  let at = start + 1;
  let plainFrom = at;
  const bound = Math.min(text.length, start + expressionLimits.textLength);
  while (at < bound) {
    const character = text.charAt(at);
    if (character === quote) {
      parts.push(text.slice(plainFrom, at));
      if (quote === '"' || text.charAt(at + 1) !== "'") {
        return { token: { kind: "string", value: parts.join(""), offset: start }, end: at + 1 };
      }
      parts.push("'");
      at += 2;
      plainFrom = at;
    } else if (character === "\\" && quote === '"') {
      parts.push(text.slice(plainFrom, at));
      const escape = readEscape(text, at);
      parts.push(escape.value);
      at = escape.end;
      plainFrom = at;
    } else {
      at += 1;
    }
  }
  if (at < text.length) throw tooLong(start);
  throw new ExpressionError(`the text that begins with ${quote} is never closed`, start);
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function readEscape(text: string, at: number): { readonly value: string; readonly end: number } {
  const letter = text.charAt(at + 1);
  const simple = escapes[letter];
  if (simple !== undefined && letter !== "") return { value: simple, end: at + 2 };
  const digits = text.slice(at + 2, at + 6);
  if (letter === "u" && /^[0-9a-fA-F]{4}$/.test(digits)) {
    return { value: String.fromCharCode(Number.parseInt(digits, 16)), end: at + 6 };
  }
  const hint = String.raw`write \\ for a backslash, or put the text in single quotes`;
  throw new ExpressionError(`"\\${/[\p{C}\p{Z}]/u.test(letter) ? "" : letter}" is not an escape`, at, hint);
}

function matchAt(shape: RegExp, text: string, at: number): { readonly text: string; readonly end: number } | undefined {
  shape.lastIndex = at;
  const found = shape.exec(text)?.[0];
  return found === undefined ? undefined : { text: found, end: at + found.length };
}

function tooLong(offset: number): ExpressionError {
  return new ExpressionError(`an expression is at most ${expressionLimits.textLength} characters long`, offset);
}

function clip(text: string): string {
  return text.length > 30 ? `${text.slice(0, 30)}…` : text;
}
