import { isJsonObject, type JsonObject, type JsonValue } from "@claude-orchestrator/domain";

/** The object at `name`, or an empty one. */
export function objectAt(parent: JsonObject, name: string): JsonObject {
  const value = parent[name];
  return isJsonObject(value) ? value : {};
}

/** The objects in the list at `name`; whatever else is in it is left out. */
export function objectsAt(parent: JsonObject, name: string): readonly JsonObject[] {
  return objectsOf(parent[name]);
}

export function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item): item is JsonObject => isJsonObject(item)) : [];
}

/** The text at `name`, or "". */
export function textAt(parent: JsonObject, name: string): string {
  const value = parent[name];
  return typeof value === "string" ? value : "";
}

/**
 * All text in a message's content, whichever dialect: a plain string, blocks with `text`, or tool results with `content`.
 * Blocks are joined by line ends.
 */
export function textOfContent(content: JsonValue | undefined): string {
  if (typeof content === "string") return content;
  return objectsOf(content)
    .map((block) => (typeof block["text"] === "string" ? block["text"] : textOfContent(block["content"])))
    .join("\n");
}
