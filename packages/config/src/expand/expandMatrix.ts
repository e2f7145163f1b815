import { isJsonObject, type JsonObject, type JsonValue } from "@claude-orchestrator/domain";
import type { MatrixFields } from "../schema/instanceSchema.ts";
import { cutAt, oneLine } from "./commandKey.ts";

/** A matrix makes at most this many instances. */
export const mostMembers = 256;

/**
 * The combinations of a matrix, in the order of its keys, with `exclude` and `include` as GitHub Actions does it: an
 * `include` adds its values to every combination it contradicts in none of the written keys, and stands alone otherwise.
 * Undefined where there would be more than `mostMembers`.
 */
export function expandMatrix({ include, exclude, ...axes }: MatrixFields): readonly JsonObject[] | undefined {
  const entries = Object.entries(axes) as readonly (readonly [string, readonly JsonValue[]])[];
  const size = entries.reduce((product, [, values]) => product * values.length, 1);
  if (size > 16 * mostMembers) return undefined;
  const full = entries.length === 0 ? [] : entries.reduce<readonly JsonObject[]>(multiply, [{}]);
  const left = full.filter((each) => !asObjects(exclude).some((pattern) => matches(each, pattern)));
  const members = withIncluded(left, asObjects(include), new Set(Object.keys(axes)));
  return members.length > mostMembers ? undefined : members;
}

function asObjects(list: MatrixFields["include"]): readonly JsonObject[] {
  return (list ?? []).filter(isJsonObject);
}

function multiply(
  members: readonly JsonObject[],
  [key, values]: readonly [string, readonly JsonValue[]],
): readonly JsonObject[] {
  return members.flatMap((member) => values.map((value) => ({ ...member, [key]: value })));
}

function matches(member: JsonObject, pattern: JsonObject): boolean {
  return Object.entries(pattern).every(([key, value]) => sameValue(member[key], value));
}

function withIncluded(
  members: readonly JsonObject[],
  include: readonly JsonObject[],
  axes: ReadonlySet<string>,
): readonly JsonObject[] {
  let grown = [...members];
  const alone: JsonObject[] = [];
  for (const addition of include) {
    const fits = (member: JsonObject): boolean =>
      Object.entries(addition).every(([key, value]) => !axes.has(key) || sameValue(member[key], value));
    if (grown.some(fits)) grown = grown.map((member) => (fits(member) ? { ...member, ...addition } : member));
    else alone.push(addition);
  }
  return [...grown, ...alone];
}

function sameValue(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** What a member is called: `test (node=22, os=linux)`. */
export function memberName(group: string, member: JsonObject): string {
  const values = Object.entries(member).map(([key, value]) => `${key}=${shortValue(value)}`);
  return `${group} (${values.join(", ")})`;
}

function shortValue(value: JsonValue): string {
  const text = oneLine(typeof value === "string" ? value : JSON.stringify(value));
  return text.length > 40 ? `${cutAt(text, 39)}…` : text;
}
