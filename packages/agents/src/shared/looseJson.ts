import { insideFence, isJsonObject } from "@claude-orchestrator/domain";
import type { AgentEvent, JsonObject, JsonValue } from "@claude-orchestrator/domain";

/** The line as a JSON object; undefined where it is not one. Never throws. */
export function readObject(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A line of JSON for `read`; one that holds no object is told as unreadable, and an empty one as nothing. Never throws. */
export function eventsOfLine(
  text: string,
  droppedBytes: number,
  read: (line: JsonObject) => readonly AgentEvent[],
): readonly AgentEvent[] {
  if (text.trim() === "") return [];
  const line = readObject(text);
  if (line !== undefined) return read(line);
  return [{ type: "unreadable", line: text, why: droppedBytes > 0 ? "too long a line" : "not a JSON object" }];
}

/** The text as any JSON value, also out of a fenced Markdown block; undefined where it is none. */
export function readJson(text: string): JsonValue | undefined {
  const inside = insideFence(text);
  // The closing fence must stand on a line of its own.
  const isClosed = inside?.slice(inside.trimEnd().length).includes("\n") === true;
  try {
    return JSON.parse(isClosed ? (inside ?? text) : text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** The field where it is text, else undefined. */
export function textAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
}

/** The field where it is a finite number, else undefined. */
export function numberAt(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A count of something: 0 where the field is missing, negative or no number. */
export function countAt(object: JsonObject, key: string): number {
  return Math.max(0, numberAt(object, key) ?? 0);
}

/** The field where it is an object, else an empty one. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

/** One line of at most `limit` characters, for a summary. */
export function oneLine(text: string, limit = 200): string {
  const start = text.slice(0, limit * 4);
  // Most are one line already, and replacing takes long even where nothing is to replace.
  const line = (/[^\S ]| {2}/.test(start) ? start.replaceAll(/\s+/g, " ") : start).trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** What a tool call does, in one line: the first of its inputs that usually says it. */
export function toolSummary(input: JsonObject): string {
  for (const key of ["command", "cmd", "file_path", "filePath", "path", "pattern", "query", "url", "description"]) {
    const value = textAt(input, key);
    if (value !== undefined && value.trim() !== "") return oneLine(value);
  }
  return oneLine(jsonOf(input));
}

/** Never throws: a value nested too deeply to be written is not worth a summary. */
function jsonOf(value: JsonValue): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "";
  }
}
