import { isJsonObject, type JsonValue } from "../json.ts";
import { ExpressionError } from "./expressionError.ts";
import { expressionLimits } from "./limits.ts";
import { equalValues, ownValue, valueToText, type WorkPlace } from "./values.ts";

interface ExpressionFunction {
  readonly least: number;
  readonly most: number;
  readonly call: (args: readonly JsonValue[], context: WorkPlace) => JsonValue;
}

export type FunctionName = "contains" | "startsWith" | "endsWith" | "length" | "join" | "toJSON" | "fromJSON";

/** All functions there are. Letters' case counts in every one. */
export const expressionFunctions: Readonly<Record<FunctionName, ExpressionFunction>> = {
  /** A text holds a text, a list holds an equal value, an object holds a key. */
  contains: {
    least: 2,
    most: 2,
    call: ([haystack = null, needle = null], context) => contains(haystack, needle, context),
  },
  startsWith: { least: 2, most: 2, call: ([text, part], context) => compareEnds(text, part, context, "start") },
  endsWith: { least: 2, most: 2, call: ([text, part], context) => compareEnds(text, part, context, "end") },
  /** Characters of a text, items of a list, keys of an object, 0 for null; null for the rest. */
  length: { least: 1, most: 1, call: ([value = null]) => lengthOf(value) },
  /** The items of a list as text, with `, ` or the second value between them. */
  join: { least: 1, most: 2, call: ([list = null, between = ", "], context) => join(list, between, context) },
  toJSON: { least: 1, most: 1, call: ([value = null], context) => toJson(value, context) },
  /** Null where the text is not JSON. */
  fromJSON: { least: 1, most: 1, call: ([text = null], context) => fromJson(text, context) },
};

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(expressionFunctions, name);
}

function contains(haystack: JsonValue, needle: JsonValue, { budget, offset }: WorkPlace): boolean {
  if (typeof haystack === "string") {
    if (!isScalar(needle)) return false;
    budget.spend(haystack.length, offset);
    return haystack.includes(valueToText(needle));
  }
  if (Array.isArray(haystack)) return haystack.some((item) => equalValues(item, needle, { budget, offset }));
  return isJsonObject(haystack) && typeof needle === "string" && ownValue(haystack, needle) !== undefined;
}

function compareEnds(
  text: JsonValue | undefined,
  part: JsonValue | undefined,
  { budget, offset }: WorkPlace,
  end: "start" | "end",
): boolean {
  if (!isScalar(text) || !isScalar(part)) return false;
  const [whole, piece] = [valueToText(text), valueToText(part)];
  budget.spend(piece.length, offset);
  return end === "start" ? whole.startsWith(piece) : whole.endsWith(piece);
}

function isScalar(value: JsonValue | undefined): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function lengthOf(value: JsonValue): number | null {
  if (value === null) return 0;
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : null;
}

function join(list: JsonValue, between: JsonValue, context: WorkPlace): string {
  const items = Array.isArray(list) ? list : [list];
  const separator = valueToText(between);
  return items
    .map((item, at) => {
      const piece = `${at === 0 ? "" : separator}${typeof item === "string" ? item : toText(item, context)}`;
      context.budget.spend(piece.length + 1, context.offset);
      return piece;
    })
    .join("");
}

function toText(value: JsonValue, context: WorkPlace): string {
  return value === null ? "" : toJson(value, context);
}

function toJson(value: JsonValue, { budget, offset }: WorkPlace): string {
  requireShallow(value, { budget, offset });
  const text = JSON.stringify(value);
  budget.spend(text.length, offset);
  return text;
}

function fromJson(text: JsonValue, { budget, offset }: WorkPlace): JsonValue {
  if (typeof text !== "string") return text;
  budget.spend(text.length, offset);
  const parsed = parseJson(text);
  requireShallow(parsed, { budget, offset });
  return parsed;
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}

/** Throws ExpressionError for a value nested too deeply to be walked without fear for the stack. */
export function requireShallow(value: JsonValue, place: WorkPlace, depth = 0): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > expressionLimits.valueDepth) throw new ExpressionError("a value is nested too deeply", place.offset);
  const children: readonly JsonValue[] = Array.isArray(value) ? value : Object.values(value);
  place.budget.spend(children.length, place.offset);
  for (const child of children) requireShallow(child, place, depth + 1);
}
