import { expressionFunctions, isFunctionName } from "./functions.ts";
import { ExpressionError } from "./expressionError.ts";
import { lexExpression, type Token } from "./lexer.ts";
import { expressionLimits } from "./limits.ts";
import type { ComparisonOperator, Expression } from "./syntax.ts";

/** Parses a bare expression. Throws ExpressionError, and nothing else, whatever the text. */
export function parseExpression(text: string): Expression {
  return parseTokens(lexExpression(text, 0, false).tokens);
}

/** Parses the tokens of one whole expression. Throws ExpressionError. */
export function parseTokens(tokens: readonly Token[]): Expression {
  const reader = new TokenReader(tokens);
  const expression = parseAny(reader);
  const rest = reader.peek();
  if (rest.kind !== "end") throw unexpected(rest, "the end of the expression");
  return expression;
}

class TokenReader {
  private index = 0;
  private depth = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  peek(): Token {
    return this.tokens[this.index] ?? { kind: "end", offset: 0 };
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.index += 1;
    return token;
  }

  /** Takes the next token where it is this symbol or word. */
  take(kind: "symbol" | "name", value: string): boolean {
    const token = this.peek();
    if (token.kind !== kind || token.value !== value) return false;
    this.index += 1;
    return true;
  }

  expectSymbol(value: string): void {
    if (!this.take("symbol", value)) throw unexpected(this.peek(), `\`${value}\``);
  }

  /** Runs `parse` one level deeper, refusing to go beyond the bound. */
  nested<T>(parse: () => T): T {
    this.depth += 1;
    if (this.depth > expressionLimits.depth) {
      throw new ExpressionError(`an expression is at most ${expressionLimits.depth} levels deep`, this.peek().offset);
    }
    const parsed = parse();
    this.depth -= 1;
    return parsed;
  }
}

function parseAny(reader: TokenReader): Expression {
  const { offset } = reader.peek();
  const operands = [parseAll(reader)];
  while (reader.take("symbol", "||") || reader.take("name", "or")) operands.push(parseAll(reader));
  return flattened("any", operands, offset);
}

function parseAll(reader: TokenReader): Expression {
  const { offset } = reader.peek();
  const operands = [parseNegated(reader)];
  while (reader.take("symbol", "&&") || reader.take("name", "and")) operands.push(parseNegated(reader));
  return flattened("all", operands, offset);
}

/** `(a || b) || c` is the same as `a || b || c`: one flat node, so that depth is bounded and printing is exact. */
function flattened(kind: "any" | "all", operands: readonly Expression[], offset: number): Expression {
  const [only] = operands;
  if (operands.length === 1 && only !== undefined) return only;
  return { kind, operands: operands.flatMap((each) => (each.kind === kind ? each.operands : [each])), offset };
}

function parseNegated(reader: TokenReader): Expression {
  const { offset } = reader.peek();
  if (!reader.take("name", "not")) return parseComparison(reader);
  return { kind: "not", operand: reader.nested(() => parseNegated(reader)), offset };
}

const comparisonOperators: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);

function isComparison(token: Token): token is Token & { readonly kind: "symbol"; readonly value: ComparisonOperator } {
  return token.kind === "symbol" && comparisonOperators.has(token.value);
}

function parseComparison(reader: TokenReader): Expression {
  const left = parseUnary(reader);
  const token = reader.peek();
  if (!isComparison(token)) return left;
  reader.next();
  const right = parseUnary(reader);
  const second = reader.peek();
  if (isComparison(second)) {
    throw new ExpressionError(
      "comparisons cannot be chained",
      second.offset,
      "write `a < b && b < c`, or use parentheses",
    );
  }
  return { kind: "compare", operator: token.value, left, right, offset: left.offset };
}

function parseUnary(reader: TokenReader): Expression {
  const { offset } = reader.peek();
  if (!reader.take("symbol", "!")) return parsePath(reader);
  return { kind: "not", operand: reader.nested(() => parseUnary(reader)), offset };
}

function parsePath(reader: TokenReader): Expression {
  const base = parsePrimary(reader);
  const keys: Expression[] = [];
  for (;;) {
    if (reader.take("symbol", ".")) keys.push(parseDotKey(reader));
    else if (reader.take("symbol", "[")) {
      keys.push(reader.nested(() => parseAny(reader)));
      reader.expectSymbol("]");
    } else break;
  }
  if (keys.length === 0) return base;
  if (base.kind === "path") return { ...base, keys: [...base.keys, ...keys] };
  return { kind: "path", base, keys, offset: base.offset };
}

function parseDotKey(reader: TokenReader): Expression {
  const token = reader.next();
  if (token.kind === "name") return { kind: "literal", value: token.value, offset: token.offset };
  const hint =
    token.kind === "number" || token.kind === "string" ? 'write other names as a["name"], places as a[0]' : undefined;
  throw unexpected(token, "a name after the dot", hint);
}

const operatorWords: ReadonlySet<string> = new Set(["and", "or", "not"]);

function parsePrimary(reader: TokenReader): Expression {
  const token = reader.next();
  const { offset } = token;
  if (token.kind === "number" || token.kind === "string") return { kind: "literal", value: token.value, offset };
  if (token.kind === "symbol" && token.value === "(") {
    const inner = reader.nested(() => parseAny(reader));
    reader.expectSymbol(")");
    return inner;
  }
  if (token.kind !== "name" || operatorWords.has(token.value)) throw unexpected(token, "a value");
  if (reader.take("symbol", "(")) return parseCall(reader, token.value, offset);
  if (token.value === "null") return { kind: "literal", value: null, offset };
  if (token.value === "true" || token.value === "false")
    return { kind: "literal", value: token.value === "true", offset };
  return { kind: "name", name: token.value, offset };
}

function parseCall(reader: TokenReader, name: string, offset: number): Expression {
  if (!isFunctionName(name)) {
    const known = Object.keys(expressionFunctions).join(", ");
    throw new ExpressionError(`there is no function \`${name.slice(0, 60)}\``, offset, `the functions are ${known}`);
  }
  const args: Expression[] = [];
  if (!reader.take("symbol", ")")) {
    do args.push(reader.nested(() => parseAny(reader)));
    while (reader.take("symbol", ","));
    reader.expectSymbol(")");
  }
  const { least, most } = expressionFunctions[name];
  if (args.length < least || args.length > most) {
    const wanted = least === most ? String(least) : `${least} or ${most}`;
    const noun = most === 1 ? "value" : "values";
    throw new ExpressionError(`\`${name}\` takes ${wanted} ${noun}, but is given ${args.length}`, offset);
  }
  return { kind: "call", name, args, offset };
}

function unexpected(token: Token, wanted: string, hint?: string): ExpressionError {
  if (token.kind === "end")
    return new ExpressionError(`the expression ends where ${wanted} should be`, token.offset, hint);
  const shown = typeof token.value === "string" ? token.value.slice(0, 60) : String(token.value);
  return new ExpressionError(`\`${shown}\` stands where ${wanted} should be`, token.offset, hint);
}
