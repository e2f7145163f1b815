import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  type Document,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLParseError,
} from "yaml";
import type { RawProblem } from "../problems.ts";
import { quoted } from "../shown.ts";
import { duplicateKey, nulInText, type ReadResult } from "./readJson.ts";
import { isCommentKey, objectNode, sourceLimits, type SourceEntry, type SourceNode, type Span } from "./sourceNode.ts";

/** Reads one YAML 1.2 document (core schema, no tags of one's own) with the place of every value. Never throws. */
export function readYaml(text: string): ReadResult {
  const composed = compose(text);
  if ("problem" in composed) return { root: undefined, problems: [composed.problem] };
  const [first, second] = composed.documents;
  if (first === undefined) return { root: undefined, problems: [] };
  if (first.errors.length > 0) return { root: undefined, problems: first.errors.slice(0, 5).map(syntaxProblem) };
  if (second !== undefined) {
    const message = "the file holds more than one YAML document";
    return {
      root: undefined,
      problems: [{ offset: second.range[0], message, hint: "keep one, without a line of `---` between" }],
    };
  }
  const converter = new YamlConverter();
  try {
    const root = first.contents === null ? undefined : converter.convert(first.contents, 0);
    return { root: root?.node, problems: converter.problems };
  } catch (error) {
    if (!(error instanceof YamlStop)) throw error;
    return { root: undefined, problems: [...converter.problems, error.problem] };
  }
}

type Composed = { readonly documents: readonly Document.Parsed[] } | { readonly problem: RawProblem };

const tooDeep = `lists and objects are nested more than ${sourceLimits.depth} deep`;

/** The parser keeps its own stack, so a bomb of brackets is noticed before anything recurses. */
function compose(text: string): Composed {
  const parser = new Parser();
  const tokens = [];
  let pieces = 0;
  for (const lexeme of new Lexer().lex(text)) {
    pieces += 1;
    if (pieces > sourceLimits.pieces) {
      const message = `the file has more than ${sourceLimits.pieces} words and signs of YAML`;
      return { problem: { offset: parser.offset, message, hint: "make it smaller, or write it as JSON" } };
    }
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > 3 * sourceLimits.depth) return { problem: { offset: parser.offset, message: tooDeep } };
  }
  for (const token of parser.end()) tokens.push(token);
  const options = {
    version: "1.2",
    schema: "core",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  } as const;
  const documents = [];
  for (const document of new Composer(options).compose(tokens, false, text.length)) {
    documents.push(document);
    if (documents.length === 2) break;
  }
  return { documents };
}

const sentences: Readonly<Partial<Record<YAMLParseError["code"], readonly [message: string, hint: string]>>> = {
  TAB_AS_INDENT: ["a tab stands where YAML wants spaces", "indent with spaces"],
  BAD_INDENT: [
    "this line is indented differently from those beside it",
    "give the lines of one list or object the same indent",
  ],
  MISSING_CHAR: [
    "something is missing here",
    "look for a wrong indent, or for a colon, comma, quote or bracket that was never written",
  ],
  UNEXPECTED_TOKEN: [
    "this cannot stand here",
    "look for an unclosed quote or bracket before it, or put the text in quotes",
  ],
  MULTILINE_IMPLICIT_KEY: ["a key must be on one line", "look for a missing colon, or put the text in quotes"],
  BLOCK_AS_IMPLICIT_KEY: ["a second `key:` stands in the same line", "put text that holds a colon in quotes"],
  BAD_ALIAS: ["this alias is not written rightly", "put text that begins with * in quotes"],
  BAD_SCALAR_START: ["plain text cannot begin with this character", "put the text in quotes"],
  MULTIPLE_DOCS: ["the file holds more than one YAML document", "keep one, without a line of `---` between"],
};

function syntaxProblem(error: YAMLParseError): RawProblem {
  const [message, hint] = sentences[error.code] ?? ["this is not YAML", undefined];
  // Where the parser's own sentence says more, it is kept behind ours.
  const detail = error.message.split("\n", 1)[0]?.replace(/[.:]$/, "") ?? "";
  return { offset: error.pos[0], message: detail === "" ? message : `${message} (${detail})`, hint };
}

class YamlStop extends Error {
  readonly problem: RawProblem;

  constructor(problem: RawProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** A converted node, the number of values in it and its height: what an alias to it adds. */
interface Converted {
  readonly node: SourceNode;
  readonly size: number;
  readonly height: number;
}

const coreTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

class YamlConverter {
  readonly problems: RawProblem[] = [];
  private readonly anchors = new Map<string, Converted>();
  private readonly open = new Set<string>();
  private values = 0;

  convert(node: ParsedNode, depth: number): Converted {
    const span = spanOf(node);
    if (depth > sourceLimits.depth) throw new YamlStop({ offset: span.start, message: tooDeep });
    if (isAlias(node)) return this.follow(node.source, span, depth);
    this.count(1, span, "the file");
    if (node.tag !== undefined && !coreTag.test(node.tag)) {
      this.problems.push({
        offset: span.start,
        message: `the tag ${quoted(node.tag)} is not known here`,
        hint: "remove it",
      });
    }
    const { anchor } = node;
    if (anchor !== undefined) this.open.add(anchor);
    const converted = this.convertContent(node, span, depth);
    if (anchor !== undefined) {
      this.open.delete(anchor);
      this.anchors.set(anchor, converted);
    }
    return converted;
  }

  private count(amount: number, span: Span, what: string): void {
    this.values += amount;
    if (this.values <= sourceLimits.values) return;
    const message = `${what} holds more than ${sourceLimits.values} values`;
    throw new YamlStop({ offset: span.start, message });
  }

  private follow(name: string, span: Span, depth: number): Converted {
    const target = this.anchors.get(name);
    if (target === undefined) {
      const message = this.open.has(name)
        ? `the alias ${quoted(`*${name}`)} stands inside what it names`
        : `there is no anchor ${quoted(`&${name}`)} before this alias`;
      throw new YamlStop({ offset: span.start, message, hint: "put text that begins with * in quotes" });
    }
    this.count(target.size, span, "with its aliases written out the file");
    if (depth + target.height > sourceLimits.depth) throw new YamlStop({ offset: span.start, message: tooDeep });
    return target;
  }

  private convertContent(
    node: Exclude<ParsedNode, { readonly source: string; readonly resolve: unknown }>,
    span: Span,
    depth: number,
  ): Converted {
    if (isMap(node)) return this.convertMap(node, span, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.convert(item, depth + 1));
      return { node: { kind: "list", items: items.map((item) => item.node), ...span }, ...measure(items) };
    }
    return {
      node: { kind: "scalar", value: this.scalarValue(node, span), ...span },
      size: 1,
      height: 0,
    };
  }

  private scalarValue({ value }: Scalar.Parsed, span: Span): null | boolean | number | string {
    if (typeof value === "number" && !Number.isFinite(value)) {
      this.problems.push({
        offset: span.start,
        message: "this is not a number that can be counted with",
        hint: "write a finite number",
      });
      return null;
    }
    if (typeof value === "string" && value.includes("\0")) this.problems.push({ offset: span.start, ...nulInText });
    if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
      return value;
    this.problems.push({ offset: span.start, message: "this is no value that JSON knows", hint: "put it in quotes" });
    return null;
  }

  private convertMap(node: YAMLMap.Parsed, span: Span, depth: number): Converted {
    const entries: SourceEntry[] = [];
    const children: Converted[] = [];
    const seen = new Set<string>();
    for (const pair of node.items) {
      const keySpan = spanOf(pair.key);
      const key = this.keyText(pair.key, keySpan);
      if (key === undefined) continue;
      if (seen.has(key) && !isCommentKey(key, depth)) this.problems.push(duplicateKey(key, keySpan.start));
      seen.add(key);
      const value = pair.value === null ? emptyAt(keySpan.end) : this.convert(pair.value, depth + 1);
      children.push(value);
      entries.push({ key, keySpan, value: value.node });
    }
    return { node: objectNode(entries, span), ...measure(children) };
  }

  private keyText(key: ParsedNode, span: Span): string | undefined {
    if (isScalar(key)) {
      return typeof key.value === "string" ? key.value : key.source;
    }
    this.problems.push({
      offset: span.start,
      message: "a key must be plain text",
      hint: "put text that begins with { [ * or & in quotes",
    });
    return undefined;
  }
}

function spanOf(node: ParsedNode): Span {
  const [start, end] = node.range;
  return { start, end };
}

function emptyAt(offset: number): Converted {
  return { node: { kind: "scalar", value: null, start: offset, end: offset }, size: 1, height: 0 };
}

function measure(children: readonly Converted[]): { readonly size: number; readonly height: number } {
  return {
    size: children.reduce((sum, child) => sum + child.size, 1),
    height: children.reduce((most, child) => Math.max(most, child.height), 0) + 1,
  };
}
