import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { isJsonObject, type JsonValue } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { checkShape } from "../check/schemaProblems.ts";
import { readJson } from "../source/readJson.ts";
import { valueOf } from "../source/sourceNode.ts";
import { configJsonSchema } from "./jsonSchema.ts";

const schema = configJsonSchema();
const validate = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(schema);

/** Every property with where it is, however deep. */
function properties(node: JsonValue, path: string): readonly (readonly [string, JsonValue])[] {
  if (Array.isArray(node)) return node.flatMap((item: JsonValue, at) => properties(item, `${path}[${at}]`));
  if (!isJsonObject(node)) return [];
  const own = isJsonObject(node["properties"]) ? Object.entries(node["properties"]) : [];
  const named = own.map(([name, value]) => [`${path}.${name}`, value] as const);
  return [...named, ...Object.entries(node).flatMap(([key, value]) => properties(value, `${path}/${key}`))];
}

test("every field has a description for editors", () => {
  const all = properties(schema, "");
  expect(all.length).toBeGreaterThan(150);
  expect(
    all.filter(([, value]) => !isJsonObject(value) || typeof value["description"] !== "string").map(([path]) => path),
  ).toEqual([]);
});

const older = join(import.meta.dirname, "../../fixtures/older");

describe("an editor and the program agree on", () => {
  test.each(readdirSync(older).filter((name) => name !== "workspaceKey.json"))("%s", (name) => {
    const text = readFileSync(join(older, name), "utf8");
    expect([validate(JSON.parse(text)), fits(text)]).toEqual([true, true]);
  });

  test.each<[JsonValue, boolean]>([
    [{ instances: [{ prompt: "x" }] }, true],
    [{ $schema: "x", "// note": {}, instances: [{ "// note": 1, prompt: "x", env: { "// why": "y", A: 1 } }] }, true],
    [{ instances: [{ prompt: "x", needs: ["a", { instance: "b", when: "always" }], retry: { on: "crash" } }] }, true],
    [{ instances: [{ sequence: ["a", { prompt: "b", matrix: {} }] }] }, false],
    [{ instances: [{ matrix: { a: [1], include: [{ b: 2 }] }, prompt: "x" }] }, true],
    [{ instances: [{ matrix: { a: [] }, prompt: "x" }] }, false],
    [{ instances: [] }, false],
    [{ instances: [{ promt: "x" }] }, false],
    [{ instances: [{ prompt: "" }] }, false],
    [{ instances: [{ prompt: "x", timeout: "5 parsecs" }] }, false],
    [{ instances: [{ prompt: "x", timeout: -1 }] }, false],
    [{ instances: [{ prompt: "x", env: { "A-B": "x" } }] }, false],
    [{ instances: [{ prompt: "x", max_turns: 1.5 }] }, false],
    [{ instances: [{ prompt: "x", success_when: ["workspace_changed", { file: "a" }] }] }, true],
    [{ instances: [{ prompt: "x", success_when: "workspace_unchanged" }] }, false],
    [{ instances: [{ prompt: "x", name: "a\nb" }] }, false],
    [{ instances: [{ prompt: "x" }], budget: { windows: [{ tokens: 1 }] } }, false],
    [{ instances: [{ prompt: "x" }], budget: { cost_usd: 0 } }, false],
    [{ instances: [{ prompt: "x" }], defaults: { prompt: "y" } }, false],
    [[], false],
  ])("%j: %s", (value, expected) => {
    expect([validate(value), fits(JSON.stringify(value))]).toEqual([expected, expected]);
  });
});

function fits(text: string): boolean {
  const { root } = readJson(text);
  return root !== undefined && checkShape(() => valueOf(root)).problems.length === 0;
}
