import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";

/** Fields of a plan whose values are a person's own: nothing in them is ours to rename. */
const foreign = new Set(["variables", "matrix", "mcpConfig", "settings", "jsonSchema", "schema"]);

/** Those that the file calls something else altogether. */
const otherNames: Readonly<Record<string, string>> = { hideBudgets: "disable_visuals" };

/**
 * A part of a plan in the words of the file: `timeout: 90s` for `timeoutMs: 90000`, `run` for `work` of the kind `argv`. What
 * differs before differs after.
 */
export function inFileWords(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((each: JsonValue) => inFileWords(each));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, each]) => fieldsOf(name, each)));
}

function fieldsOf(name: string, value: JsonValue): readonly (readonly [string, JsonValue])[] {
  if (name === "work" && isJsonObject(value)) return workFields(value);
  if (name === "env" && isJsonObject(value)) return environmentFields(value);
  if (foreign.has(name)) return [[fileName(name), value]];
  if (name.endsWith("Ms") && typeof value === "number") return [[fileName(name), duration(value)]];
  return [[fileName(name), inFileWords(value)]];
}

function workFields({ kind, text, before, argv, script }: JsonObject): readonly (readonly [string, JsonValue])[] {
  if (kind !== "prompt") return [["run", argv ?? script ?? null]];
  const turns = Array.isArray(before) && before.length > 0 ? [["pre_commands", before] as const] : [];
  return [...turns, ["prompt", text ?? null]];
}

function environmentFields({ values, pass }: JsonObject): readonly (readonly [string, JsonValue])[] {
  return [
    ["env", values ?? null],
    ["pass_env", pass ?? null],
  ];
}

function fileName(name: string): string {
  const bare = name.endsWith("Ms") ? name.slice(0, -2) : name;
  return otherNames[name] ?? bare.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function duration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
