import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";

/** What comes over a wire is read leniently: a field of the wrong type is as good as none. */
export function objectIn(holder: JsonObject, key: string): JsonObject {
  const value = holder[key];
  return isJsonObject(value) ? value : {};
}

export function objectsIn(holder: JsonObject, key: string): readonly JsonObject[] {
  const value = holder[key];
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter(isJsonObject) : [];
}

export function textIn(holder: JsonObject, key: string): string | undefined {
  const value = holder[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A count: undefined for what is no number, or none that could be a count. */
export function countIn(holder: JsonObject, key: string): number | undefined {
  const value = holder[key];
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? Math.floor(value) : undefined;
}

export function lengthIn(holder: JsonObject, key: string): number {
  const value = holder[key];
  return typeof value === "string" ? value.length : 0;
}

/** Only the fields that are there. */
export function defined<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]?: Exclude<Fields[Key], undefined>;
  };
}

/** True where a key of one of these names is anywhere in the value; stops at the first. */
export function hasKey(value: JsonValue | undefined, names: ReadonlySet<string>): boolean {
  return hasObject(value, (each) => Object.keys(each).some((key) => names.has(key)));
}

/** True where an object like that is anywhere in the value, however deep or wide it is; stops at the first. */
export function hasObject(value: JsonValue | undefined, isIt: (each: JsonObject) => boolean): boolean {
  const waiting: (JsonValue | undefined)[] = [value];
  while (waiting.length > 0) {
    const each = waiting.pop();
    if (typeof each !== "object" || each === null) continue;
    if (isJsonObject(each) && isIt(each)) return true;
    // One by one: an array may have more members than a call takes arguments.
    for (const inner of Object.values(each) as readonly JsonValue[]) {
      if (typeof inner === "object" && inner !== null) waiting.push(inner);
    }
  }
  return false;
}
