import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonValue } from "@claude-orchestrator/domain";

/**
 * A value as lines a person reads and a difference is told by: nearly YAML, never read again by a program. Two values that
 * are not the same may look the same only where they differ in nothing but how they are written.
 */
export function readableLines(value: JsonValue): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each: JsonValue) => entryLines("-", each, " "));
  if (isJsonObject(value)) return Object.entries(value).flatMap(([name, each]) => entryLines(name, each, ": "));
  return typeof value === "string" ? value.split("\n") : [JSON.stringify(value)];
}

function entryLines(name: string, value: JsonValue, between: string): readonly string[] {
  if (typeof value === "object" && value !== null && Object.keys(value).length === 0) {
    return [`${name}${between}${Array.isArray(value) ? "[]" : "{}"}`];
  }
  const lines = readableLines(value);
  const isFlat = lines.length === 1 && (typeof value !== "object" || value === null);
  return isFlat
    ? [`${name}${between}${lines[0] ?? ""}`]
    : [`${name}${between}`.trimEnd(), ...lines.map((each) => `  ${each}`)];
}
