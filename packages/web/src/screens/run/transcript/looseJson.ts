import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonObject } from "@claude-orchestrator/domain";

/** Reading what an agent printed: whatever is not as one expects is not there. */
export function textAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
}

export function numberAt(object: JsonObject, key: string): number {
  const value = object[key];
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  const value = object[key];
  return Array.isArray(value) ? (value as readonly unknown[]).filter((each) => isJsonObject(each)) : [];
}

/** ms since 1970, of a number or an ISO date. */
export function momentAt(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  const moment = typeof value === "string" ? Date.parse(value) : value;
  return typeof moment === "number" && Number.isFinite(moment) ? moment : undefined;
}
