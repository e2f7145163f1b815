import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServerRig } from "../testing/serverRig.ts";
import type { ServerRig } from "../testing/serverRig.ts";

let rig: ServerRig;

beforeAll(async () => {
  rig = await startServerRig();
});

afterAll(() => rig[Symbol.asyncDispose]());

const letters = "abcdefghij".split("");
const one = "instances:\n  - name: a\n    prompt: hi\n";

/** Files that would take what a machine has, do something by being read, or mean two things. */
const hostile: readonly (readonly [what: string, text: string])[] = [
  [
    "a bomb of lists",
    letters
      .map((name, at) => `${name}: &${name} [${`${at === 0 ? "x" : `*${letters[at - 1]}`},`.repeat(9)}]`)
      .join("\n"),
  ],
  [
    "a bomb of merge keys",
    letters
      .map((name, at) => `${name}: &${name} ${at === 0 ? "{k: 1}" : `{<<: [${`*${letters[at - 1]},`.repeat(9)}]}`}`)
      .join("\n"),
  ],
  ["an alias inside what it names", "instances: &i\n  - name: a\n    prompt: hi\n    env: &e { X: *e }\n"],
  ["an alias of nothing", "instances: *nothing\n"],
  ["brackets without end", `instances: ${"[".repeat(20_000)}`],
  ["braces without end", `instances: ${"{a: ".repeat(20_000)}`],
  [
    "lines that are indented without end",
    Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
  ],
  ["lists in one line", `${"- ".repeat(20_000)}x`],
  ["keys of keys", "? ".repeat(20_000)],
  ["JSON that is deep", `{"instances":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`],
  ["a tag that runs something", "instances: !!python/object/apply:os.system ['touch MARK']\n"],
  ["a tag that is a function", "instances: !!js/function 'function(){}'\n"],
  ["a tag of bytes", `name: !!binary "QUFB"\n${one}`],
  ["NUL", `name: "a\u0000b"\n${one}`],
  ["NUL, escaped", 'instances:\n  - name: a\n    prompt: "h\\0i"\n'],
  ["two documents", `${one}---\n${one}`],
  ["the language's own keys", `__proto__: {x: 1}\nconstructor: {prototype: {y: 1}}\n${one}    env: {__proto__: x}\n`],
  ["one key twice", `name: a\nname: b\n${one}`],
  ["quotes without end", '"'.repeat(30_000)],
  ["a number that is none", `${one}concurrency: .inf\n`],
  [
    "a matrix of ten times ten",
    `instances:\n  - name: a\n    prompt: hi\n    matrix: {${letters.map((name) => `${name}: [1,2,3,4,5,6,7,8,9]`).join(", ")}}\n`,
  ],
  ["NUL in JSON", String.raw`{"instances":[{"name":"a","prompt":"h\u0000i"}]}`],
];

test.each(hostile)(
  "S15 a pasted file with %s is refused with its place, and nothing of it is done",
  async (_what, text) => {
    const body = { text: text.replaceAll("MARK", join(rig.folder, "mark")) };
    const planned = await rig.askSigned("/api/plan", { method: "POST", body });
    const { ok, problems } = planned.json() as {
      ok: boolean;
      problems: { line: number; column: number; message: string }[];
    };
    expect([planned.status, ok]).toEqual([200, false]);
    for (const { line, column, message } of problems) {
      expect([line >= 1, column >= 1, message.length > 10 && message.length < 500]).toEqual([true, true, true]);
    }
    expect(problems.length).toBeGreaterThan(0);
    const started = await rig.askSigned("/api/runs", { method: "POST", body });
    expect([started.status, started.json()["problems"]]).toEqual([422, problems]);
    expect((await rig.ask("/api/health")).status).toBe(200);
  },
);

test("S15 a byte order mark is no part of the file", async () => {
  const planned = await rig.askSigned("/api/plan", { method: "POST", body: { text: `\ufeff${one}` } });
  expect(planned.json()["problems"]).toEqual([]);
});

test("S15 after all of them no run was made, nothing kept, nothing touched", () => {
  expect(readdirSync(rig.runsFolder)).toEqual([]);
  expect([existsSync(join(rig.folder, "mark")), existsSync(join(rig.folder, ".orchestrator", "pasted"))]).toEqual([
    false,
    false,
  ]);
});
