import { isJsonObject, type JsonObject, type JsonValue } from "@claude-orchestrator/domain";
import { objectAt, objectsAt } from "./jsonReading.ts";

const maxDepth = 12;

/**
 * A small value that fits a JSON Schema: every listed property, one item per list, the first of a choice. Understands type,
 * const, enum, default, properties, items, the minima, anyOf/oneOf/allOf, common formats and references inside the schema.
 * Not `pattern`: a schema with one may be answered wrongly.
 */
export function sampleOf(schema: JsonObject): JsonValue {
  return sample(schema, schema, 0);
}

function sample(schema: JsonObject, root: JsonObject, depth: number): JsonValue {
  if (depth > maxDepth) return null;
  const fixed = fixedValue(schema);
  if (fixed !== undefined) return fixed;
  const inner = delegated(schema, root);
  if (inner !== undefined) return sample(inner, root, depth + 1);
  return sampleOfType(schema, root, depth);
}

function fixedValue(schema: JsonObject): JsonValue | undefined {
  if (schema["const"] !== undefined) return schema["const"];
  if (schema["default"] !== undefined) return schema["default"];
  const choices = schema["enum"];
  return Array.isArray(choices) ? (choices as readonly JsonValue[])[0] : undefined;
}

/** The schema that really decides: a reference's target, the first of a choice, all of an `allOf` merged. */
function delegated(schema: JsonObject, root: JsonObject): JsonObject | undefined {
  const reference = schema["$ref"];
  if (typeof reference === "string") return resolve(reference, root);
  const choice = objectsAt(schema, "anyOf")[0] ?? objectsAt(schema, "oneOf")[0];
  if (choice !== undefined) return choice;
  const all = objectsAt(schema, "allOf");
  if (all.length === 0) return undefined;
  return {
    ...Object.assign({}, ...all),
    properties: Object.assign({}, ...[schema, ...all].map((part) => objectAt(part, "properties"))) as JsonObject,
  };
}

function resolve(reference: string, root: JsonObject): JsonObject | undefined {
  let found: JsonValue | undefined = root;
  for (const name of reference.replace(/^#\/?/, "").split("/").filter(Boolean)) {
    found = isJsonObject(found) ? found[name] : undefined;
  }
  return isJsonObject(found) ? found : undefined;
}

function sampleOfType(schema: JsonObject, root: JsonObject, depth: number): JsonValue {
  switch (typeName(schema)) {
    case "object":
      return Object.fromEntries(
        Object.entries(objectAt(schema, "properties")).map(([name, property]) => [
          name,
          sample(isJsonObject(property) ? property : {}, root, depth + 1),
        ]),
      );
    case "array": {
      const item = sample(objectAt(schema, "items"), root, depth + 1);
      return Array.from({ length: Math.max(1, numberAt(schema, "minItems") ?? 1) }, () => item);
    }
    case "number":
    case "integer":
      return sampleNumber(schema);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return sampleText(schema);
  }
}

function typeName(schema: JsonObject): string {
  const type = schema["type"];
  if (typeof type === "string") return type;
  if (Array.isArray(type) && typeof type[0] === "string") return type[0];
  if (schema["properties"] !== undefined) return "object";
  return schema["items"] === undefined ? "string" : "array";
}

function sampleNumber(schema: JsonObject): number {
  const above = numberAt(schema, "exclusiveMinimum");
  const least = numberAt(schema, "minimum") ?? (above === undefined ? 1 : above + 1);
  const most = numberAt(schema, "maximum") ?? Number.POSITIVE_INFINITY;
  return Math.min(Math.max(least, Math.min(1, most)), most);
}

const textByFormat: Readonly<Record<string, string>> = {
  date: "2026-01-31",
  "date-time": "2026-01-31T12:00:00Z",
  time: "12:00:00Z",
  email: "someone@example.com",
  uri: "https://example.com/",
  uuid: "00000000-0000-4000-8000-000000000000",
};

function sampleText(schema: JsonObject): string {
  const format = schema["format"];
  const text = (typeof format === "string" ? textByFormat[format] : undefined) ?? "sample";
  return text.padEnd(numberAt(schema, "minLength") ?? 0, ".").slice(0, numberAt(schema, "maxLength") ?? undefined);
}

function numberAt(schema: JsonObject, name: string): number | undefined {
  const value = schema[name];
  return typeof value === "number" ? value : undefined;
}
