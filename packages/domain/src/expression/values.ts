import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { ExpressionError } from "./expressionError.ts";
import { expressionLimits } from "./limits.ts";

/** False are null, false, 0 and the empty text; everything else is true, also an empty list. */
export function isTruthy(value: JsonValue): boolean {
  return value !== null && value !== false && value !== 0 && value !== "";
}

/** Text as it is, nothing for null, all else as compact JSON. */
export function valueToText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Counts down what an evaluation may still do; throws ExpressionError when it is used up. */
export class WorkBudget {
  private left: number = expressionLimits.work;

  spend(amount: number, offset: number): void {
    this.left -= amount;
    if (this.left < 0) throw new ExpressionError("the expression has too much to do", offset);
  }
}

const hiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** An own property, or undefined. What JavaScript adds by itself is never seen. */
export function ownValue(object: JsonObject, key: string): JsonValue | undefined {
  return !hiddenKeys.has(key) && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Where a function works: what it may still do, and the place in the text that its errors name. */
export interface WorkPlace {
  readonly budget: WorkBudget;
  readonly offset: number;
}

/** Equal in type and content. Lists by place, objects by key whatever the order. */
export function equalValues(a: JsonValue, b: JsonValue, place: WorkPlace, depth = 0): boolean {
  place.budget.spend(1, place.offset);
  if (typeof a === "string" && typeof b === "string") return equalTexts(a, b, place);
  if (a === b) return true;
  if (depth > expressionLimits.valueDepth) {
    throw new ExpressionError("a value is nested too deeply to compare", place.offset);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => equalValues(item, b[at], place, depth + 1));
  }
  return isJsonObject(a) && isJsonObject(b) && equalObjects(a, b, place, depth);
}

function equalTexts(a: string, b: string, { budget, offset }: WorkPlace): boolean {
  if (a.length !== b.length) return false;
  budget.spend(a.length, offset);
  return a === b;
}

function equalObjects(a: JsonObject, b: JsonObject, place: WorkPlace, depth: number): boolean {
  const keys = Object.keys(a);
  place.budget.spend(keys.length, place.offset);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => {
    const [left, right] = [a[key], Object.hasOwn(b, key) ? b[key] : undefined];
    return left !== undefined && right !== undefined && equalValues(left, right, place, depth + 1);
  });
}
