import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { decodeConfig } from "./decodeConfig.ts";
import { loadPlan } from "./loadPlan.ts";
import { readJson } from "./source/readJson.ts";
import { valueOf } from "./source/sourceNode.ts";
import { planOf, testOptions } from "./testing/loading.ts";

const fieldName = fc.constantFrom(
  "name",
  "prompt",
  "command",
  "run",
  "needs",
  "matrix",
  "sequence",
  "env",
  "retry",
  "budget",
  "timeout",
  "agent",
  "model",
  "success_when",
  "json_schema",
  "defaults",
  "instances",
  "variables",
  "workspace",
  "session_id",
  "// note",
  "nmae",
  "__proto__",
  "constructor",
);
const word = fc.constantFrom(
  "a",
  "b",
  "/x",
  "${{ needs.a.result }}",
  "${{",
  "workspace_changed",
  "claude",
  "1h",
  "always",
  "(",
  "",
);
const leaf = fc.oneof(word, fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fieldName, tie("value"), { maxKeys: 5 }),
  ),
}));
const anyInstance = fc.dictionary(fieldName, anyValue, { maxKeys: 6 });
const anyFile = fc.record(
  { instances: fc.array(fc.oneof(anyInstance, anyValue), { maxLength: 5 }), budget: anyValue, defaults: anyValue },
  { requiredKeys: ["instances"] },
);

const goodFile = {
  name: "x",
  budget: { tokens: 5, windows: [{ duration: "1h", cost_usd: 1 }] },
  defaults: { env: { A: "${{ variables.v }}" } },
  variables: { v: [1, { w: null }] },
  instances: [
    { name: "a", prompt: "first\nsecond ${{ run.id }}", matrix: { n: [1, 2], include: [{ m: 3 }] } },
    {
      name: "b",
      sequence: ["x", { run: ["ls", "${{ needs.a.results }}"], needs: "a" }],
      needs: [{ instance: "a", when: "always" }],
    },
    {
      name: "c",
      command: "/x",
      success_when: [{ pattern: "^a" }],
      json_schema: { type: "object" },
      retry: { on: "crash" },
    },
  ],
};

const yamlPiece = fc.constantFrom(
  "instances:",
  "\n",
  "  ",
  "- ",
  "name: a",
  "prompt: x",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "&a ",
  "*a",
  "|",
  ">",
  "'",
  '"',
  "#",
  "!!str ",
  "---",
  "\t",
  "<<: ",
  "? ",
  "%YAML 1.2",
  "${{ x }}",
  "\\",
  "é",
  "\u2028",
  "\r\n",
);
/** A right file with a piece cut out or put in. */
const damagedFile = fc
  .tuple(fc.constantFrom("yaml", "json"), fc.nat(), fc.nat({ max: 3 }), fc.oneof(yamlPiece, fc.constant("")))
  .map(([format, at, cut, piece]) => {
    const text = format === "yaml" ? stringify(goodFile) : JSON.stringify(goodFile, null, 2);
    const from = at % text.length;
    return text.slice(0, from) + piece + text.slice(from + cut);
  });

const anyText = fc.oneof(
  damagedFile,
  fc.string({ unit: "binary" }),
  fc.array(yamlPiece, { maxLength: 40 }).map((pieces) => pieces.join("")),
  anyFile.map((file) => JSON.stringify(file)),
  anyFile.map((file) => JSON.stringify(file, null, 2)),
);

test("any text gives a plan or problems whose places are in the text, and never throws", () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom("f.yaml", "f.json", "f"), (text, fileName) => {
      const result = loadPlan(text, { ...testOptions, fileName });
      const problems = "plan" in result ? [] : result.problems;
      const lines = text.replace(/^\uFEFF/, "").split("\n");
      expect("plan" in result || problems.length > 0).toBe(true);
      expect(problems.filter(({ line, column }) => column < 1 || column > (lines[line - 1]?.length ?? -1) + 1)).toEqual(
        [],
      );
      expect(problems.filter(({ message, excerpt }) => message === "" || excerpt.split("\n").length !== 2)).toEqual([]);
    }),
    { numRuns: 1_500 },
  );
});

test("any bytes decode to a text or a place", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const decoded = decodeConfig(bytes);
      const strict = tryDecode(bytes);
      const hasNul = bytes.includes(0);
      expect("text" in decoded ? decoded.text : undefined).toBe(hasNul ? undefined : strict);
    }),
    { numRuns: 2_000 },
  );
});

test("any text survives encoding and decoding", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 300 }).filter((each) => !each.includes("\0"));
  fc.assert(
    fc.property(text, (given) => {
      expect(decodeConfig(new TextEncoder().encode(`\uFEFF${given}`))).toEqual({ text: given });
    }),
  );
});

function tryDecode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

test("a JSON text is read as JSON.parse reads it, or both refuse it", () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"\\n\\u0041"',
    '"\\x"',
    "1",
    "-0.5e3",
    "01",
    "true",
    "nul",
    " ",
    "\n",
    "//",
    '"',
    "\\",
  );
  const text = fc.oneof(
    fc.json(),
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
    fc
      .tuple(fc.json(), fc.nat(), piece)
      .map(([json, at, extra]) => json.slice(0, at % (json.length + 1)) + extra + json.slice(at % (json.length + 1))),
  );
  fc.assert(
    fc.property(text, (given) => {
      const parsed = tryParse(given);
      // Keys that stand twice, and notes, are ours to treat otherwise.
      fc.pre(!/"\/\/|\$schema/.test(given));
      const { root, problems } = readJson(given);
      fc.pre(!problems.some(({ message }) => message.includes("written twice")));
      expect(root === undefined ? undefined : JSON.stringify(valueOf(root))).toBe(
        parsed === undefined ? undefined : JSON.stringify(parsed),
      );
    }),
    { numRuns: 2_000 },
  );
});

/** What JSON.parse makes of a text; a number beyond all bounds is refused here. */
function tryParse(text: string): unknown {
  try {
    const parsed = JSON.parse(text, (_key, value: unknown) => {
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) throw new RangeError("too large");
      return value;
    }) as unknown;
    return parsed;
  } catch {
    return undefined;
  }
}

const plainText = fc
  .string({ minLength: 1, maxLength: 40 })
  .filter((each) => /\S/.test(each) && !each.includes("${{") && !each.startsWith("/"));
const goodInstance = fc.record(
  {
    prompt: plainText,
    model: plainText,
    env: fc.dictionary(fc.stringMatching(/^[A-Z]{1,5}$/), fc.oneof(plainText, fc.integer(), fc.boolean())),
    allowed_tools: fc.array(plainText),
    timeout: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.constantFrom("5m", "1h30m")),
    retry: fc.oneof(
      fc.integer({ min: 1, max: 9 }),
      fc.record({ attempts: fc.integer({ min: 1, max: 9 }), delay: fc.constant("2s") }),
    ),
    priority: fc.integer({ min: -9, max: 9 }),
    matrix: fc.dictionary(
      fc.stringMatching(/^[a-z]{1,4}$/).filter((key) => !["include", "exclude"].includes(key)),
      fc.uniqueArray(fc.oneof(plainText, fc.integer()), { minLength: 1, maxLength: 3 }),
      { minKeys: 1, maxKeys: 3 },
    ),
  },
  { requiredKeys: ["prompt"] },
);

test("a file means the same in YAML and in JSON", () => {
  fc.assert(
    fc.property(
      fc.array(goodInstance, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 9 }),
      (instances, concurrency) => {
        const file = { concurrency, instances };
        expect(planOf(stringify(file))).toEqual(planOf(JSON.stringify(file)));
      },
    ),
    { numRuns: 200 },
  );
});

test("all instances of a plan have names of their own", () => {
  fc.assert(
    fc.property(fc.array(goodInstance, { minLength: 1, maxLength: 6 }), (instances) => {
      const names = planOf(JSON.stringify({ concurrency: 1, instances: [...instances, ...instances] })).instances.map(
        ({ name }) => name,
      );
      expect(new Set(names).size).toBe(names.length);
    }),
    { numRuns: 100 },
  );
});
