import { isJsonObject, type JsonObject, type JsonValue } from "@claude-orchestrator/domain";
import { described, quoted } from "../shown.ts";
import type { Path } from "../source/sourceNode.ts";
import { suggestion } from "../suggestions.ts";
import type { Reporter } from "./reporter.ts";

const typeNames = ["string", "number", "integer", "boolean", "object", "array", "null"];
const schemaMaps = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
const schemaLists = ["allOf", "anyOf", "oneOf", "prefixItems"];
const schemas = ["items", "additionalProperties", "contains", "not", "if", "then", "else", "propertyNames"];
const deepest = 50;

/** Reports what cannot be a JSON Schema: wrong shapes of the keywords everyone uses. Unknown keywords are left alone. */
export function checkJsonSchema(schema: JsonObject, path: Path, reporter: Reporter, depth = 0): void {
  if (depth > deepest) return;
  checkTypes(schema["type"], [...path, "type"], reporter);
  checkWords(schema["required"], [...path, "required"], reporter);
  checkEnum(schema["enum"], [...path, "enum"], reporter);
  const inner = (value: JsonValue, at: Path): void => checkInner(value, at, reporter, depth + 1);
  for (const key of schemas) {
    const value = schema[key];
    if (value !== undefined) inner(value, [...path, key]);
  }
  for (const key of schemaLists) {
    const value = schema[key];
    if (Array.isArray(value)) value.forEach((item: JsonValue, at) => inner(item, [...path, key, at]));
    else if (value !== undefined) mustBe(key, "a list of schemas", value, { path, reporter });
  }
  for (const key of schemaMaps) {
    const value = schema[key];
    if (isJsonObject(value)) Object.entries(value).forEach(([name, item]) => inner(item, [...path, key, name]));
    else if (value !== undefined) mustBe(key, "an object of names and schemas", value, { path, reporter });
  }
}

function checkEnum(value: JsonValue | undefined, path: Path, reporter: Reporter): void {
  if (value === undefined || Array.isArray(value)) return;
  reporter.at(path, `\`enum\` of a JSON Schema must be a list, but is ${described(value)}`);
}

function mustBe(
  key: string,
  wanted: string,
  value: JsonValue,
  place: { readonly path: Path; readonly reporter: Reporter },
): void {
  place.reporter.at([...place.path, key], `\`${key}\` of a JSON Schema must be ${wanted}, but is ${described(value)}`);
}

function checkInner(value: JsonValue, path: Path, reporter: Reporter, depth: number): void {
  if (isJsonObject(value)) checkJsonSchema(value, path, reporter, depth);
  else if (typeof value !== "boolean") {
    reporter.at(path, `a JSON Schema must be an object, true or false, but is ${described(value)}`);
  }
}

function checkTypes(type: JsonValue | undefined, path: Path, reporter: Reporter): void {
  if (type === undefined) return;
  for (const name of Array.isArray(type) ? type : [type]) {
    if (typeof name === "string" && typeNames.includes(name)) continue;
    const shown = typeof name === "string" ? quoted(name) : described(name);
    reporter.at(path, `${shown} is not a type of JSON Schema`, { hint: suggestion(String(name), typeNames) });
  }
}

function checkWords(value: JsonValue | undefined, path: Path, reporter: Reporter): void {
  if (value === undefined) return;
  const isWords = Array.isArray(value) && value.every((item: JsonValue) => typeof item === "string");
  if (!isWords) reporter.at(path, `\`required\` of a JSON Schema must be a list of names, but is ${described(value)}`);
}
