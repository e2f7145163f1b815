import { isJsonObject, type JsonObject, type JsonValue } from "@claude-orchestrator/domain";
import * as z from "zod/mini";
import { fileSchema } from "./fileSchema.ts";

const commentPattern = { "^//": { description: "A note for people: ignored" } };

/**
 * The JSON Schema (draft 2020-12) of the file, for editors: every field with its description, notes under `//` keys
 * allowed everywhere.
 */
export function configJsonSchema(): JsonObject {
  const plain = JSON.parse(JSON.stringify(z.toJSONSchema(fileSchema, { target: "draft-2020-12" }))) as JsonObject;
  const open = withComments(plain);
  const properties = isJsonObject(open["properties"]) ? open["properties"] : {};
  const link = { $schema: { type: "string", description: "Where this schema is found, for your editor: ignored" } };
  return { ...open, title: "claude-orchestrator", properties: { ...link, ...properties } };
}

function withComments(value: JsonValue): JsonObject;
function withComments(value: JsonValue): JsonValue;
function withComments(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => withComments(item));
  if (!isJsonObject(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withComments(each)]));
  const isClosed = value["type"] === "object" && value["additionalProperties"] !== undefined;
  return isClosed ? allowComments(inner) : inner;
}

/** A pattern for the names would refuse the notes, so it admits them; so does what the names may not say. */
function allowComments(schema: Record<string, JsonValue>): JsonObject {
  const names = schema["propertyNames"];
  const withNotes =
    isJsonObject(names) && names["pattern"] !== undefined
      ? { propertyNames: { anyOf: [names, { pattern: "^//" }] } }
      : {};
  return { ...schema, ...withNotes, patternProperties: commentPattern };
}
