import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root, runTool } from "./lib/command.ts";

/** One file per habit or arrow that must be refused: where it stands, what it says, the rule that must catch it. */
const violations: readonly (readonly [file: string, source: string, rule: string])[] = [
  ["packages/domain/src/usesZod.ts", 'export * from "zod";', "no-restricted-imports"],
  ["packages/domain/src/usesEngine.ts", 'export * from "@claude-orchestrator/engine";', "no-restricted-imports"],
  ["packages/domain/src/readsClock.ts", "export const at = Date.now();", "no-restricted-properties"],
  ["packages/config/src/usesNode.ts", 'export * from "node:fs";', "no-restricted-imports"],
  ["packages/config/src/usesHost.ts", 'export type * from "@claude-orchestrator/host";', "no-restricted-imports"],
  ["packages/engine/src/usesZod.ts", 'export * from "zod";', "no-restricted-imports"],
  ["packages/engine/src/usesAgents.ts", 'export * from "@claude-orchestrator/agents";', "no-restricted-imports"],
  ["packages/engine/src/lateNode.ts", 'export const late = () => import("node:os");', "no-restricted-imports"],
  ["packages/engine/src/throwsDice.ts", "export const dice = Math.random();", "no-restricted-properties"],
  ["packages/engine/src/readsProcess.ts", "export const home = process.env;", "no-restricted-globals"],
  ["packages/agents/src/usesEngine.ts", 'export * from "@claude-orchestrator/engine";', "no-restricted-imports"],
  ["packages/agents/src/claude/asksCodex.ts", 'export * from "../codex/index.ts";', "no-restricted-imports"],
  ["packages/protocol/src/usesNode.ts", 'export * from "node:http";', "no-restricted-imports"],
  ["packages/protocol/src/usesServer.ts", 'export * from "@claude-orchestrator/server";', "no-restricted-imports"],
  ["packages/server/src/usesHost.ts", 'export * from "@claude-orchestrator/host";', "no-restricted-imports"],
  ["packages/server/src/spawns.ts", 'export { spawn } from "node:child_process";', "no-restricted-imports"],
  ["packages/update/src/usesHost.ts", 'export * from "@claude-orchestrator/host";', "no-restricted-imports"],
  ["packages/update/src/spawns.ts", 'export { spawn } from "node:child_process";', "no-restricted-imports"],
  ["packages/host/src/usesStore.ts", 'export * from "@claude-orchestrator/store";', "no-restricted-imports"],
  [
    "packages/host/src/deepImport.ts",
    'export * from "@claude-orchestrator/domain/src/ids.ts";',
    "no-restricted-imports",
  ],
  ["packages/host/src/overTheWall.ts", 'export * from "../../domain/src/ids.ts";', "no-restricted-imports"],
  ["packages/host/src/shellString.ts", 'export { exec } from "node:child_process";', "no-restricted-imports"],
  ["packages/store/src/startsProcess.ts", 'export { spawn } from "node:child_process";', "no-restricted-imports"],
  ["packages/telemetry/src/usesHost.ts", 'export * from "@claude-orchestrator/host";', "no-restricted-imports"],
  ["packages/telemetry/src/usesSdk.ts", 'export * from "@opentelemetry/otlp-transformer";', "no-restricted-imports"],
  ["packages/gateway/src/usesStore.ts", 'export * from "@claude-orchestrator/store";', "no-restricted-imports"],
  ["packages/gateway/src/usesEngine.ts", 'export * from "@claude-orchestrator/engine";', "no-restricted-imports"],
  ["packages/cli/src/startsProcess.ts", 'export { spawn } from "node:child_process";', "no-restricted-imports"],
  ["packages/cli/src/usesRelease.ts", 'export * from "@claude-orchestrator/release";', "no-restricted-imports"],
  ["packages/update/src/usesHost.ts", 'export * from "@claude-orchestrator/host";', "no-restricted-imports"],
  ["packages/release/src/usesCli.ts", 'export * from "@claude-orchestrator/cli";', "no-restricted-imports"],
  ["packages/cli/src/usesTestkit.ts", 'export * from "@claude-orchestrator/testkit";', "no-restricted-imports"],
  ["packages/cli/src/prints.ts", 'console.log("hello");', "no-console"],
  ["packages/newroom/src/usesDomain.ts", 'export * from "@claude-orchestrator/domain";', "no-restricted-imports"],
  ["packages/testkit/src/usesCli.ts", 'export * from "@claude-orchestrator/cli";', "no-restricted-imports"],
  ["e2e/overTheWall.ts", 'export * from "../packages/cli/src/index.ts";', "no-restricted-imports"],
  [
    "packages/domain/src/fiveParameters.ts",
    "export function f(a = 1, b = 2, c = 3, d = 4, e = 5) { return a + b + c + d + e; }",
    "max-params",
  ],
  ["packages/domain/src/long.ts", `export function f() {\n${"  f();\n".repeat(60)}}`, "max-lines-per-function"],
  ["packages/domain/src/huge.ts", "export const a = [\n" + "1,\n".repeat(400) + "];", "max-lines"],
  [
    "packages/domain/src/deep.ts",
    "export function f(a: boolean) { if (a) { while (a) { if (a) { if (a) f(a); } } } }",
    "max-depth",
  ],
  [
    "packages/domain/src/tangled.ts",
    `export function f(a: number) {\n${"  if (a > 1) return a;\n".repeat(12)}  return 0;\n}`,
    "complexity",
  ],
  ["packages/domain/src/loose.ts", "export const a = (b: any): unknown => b;", "no-explicit-any"],
  ["packages/domain/src/byDefault.ts", "export default 1;", "no-default-export"],
  ["packages/domain/src/silenced.ts", "// @ts-ignore\nexport const a = 1;", "ban-ts-comment"],
  [
    "packages/domain/src/floating.ts",
    "async function f(): Promise<void> {}\nexport function g() { f(); }",
    "no-floating-promises",
  ],
  ["packages/domain/src/kebab-case.ts", "export const a = 1;", "filename-case"],
];

/** Nearest neighbours of the above that must pass. */
const allowed: readonly (readonly [file: string, source: string])[] = [
  ["packages/config/src/usesYaml.ts", 'export * from "yaml";\nexport type * from "@claude-orchestrator/domain";'],
  [
    "packages/agents/src/usesPorts.ts",
    'export type * from "@claude-orchestrator/engine/ports";\nimport * as z from "zod";\nexport const schema = z.string();',
  ],
  [
    "packages/agents/src/claude/usesOwn.ts",
    'export * from "./notes.ts";\nexport * from "../lines.ts";\nexport * from "../shared/json.ts";',
  ],
  ["packages/host/src/usesNode.ts", 'export { spawn } from "node:child_process";\nexport * from "node:fs/promises";'],
  ["packages/store/src/usesSqlite.ts", 'export * from "node:sqlite";'],
  ["packages/gateway/src/usesHttp.ts", 'export * from "node:http";'],
  ["packages/telemetry/src/usesZlib.ts", 'export * from "node:zlib";'],
  ["packages/server/src/usesFastify.ts", 'export * from "fastify";\nexport * from "@claude-orchestrator/protocol";'],
  ["packages/cli/src/composes.ts", 'export * from "@claude-orchestrator/host";\nexport * from "commander";'],
  ["packages/engine/src/late.test.ts", 'export * from "@claude-orchestrator/testkit";\nexport * from "fast-check";'],
  ["e2e/drives.ts", 'export { spawn } from "node:child_process";\nexport * from "@claude-orchestrator/testkit";'],
];

let house: string;
let caught: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  house = mkdtempSync(path.join(tmpdir(), "claude-orchestrator rooms-"));
  for (const file of ["oxlint.config.ts", "tsconfig.base.json", "tsconfig.json"]) {
    cpSync(path.join(root, file), path.join(house, file));
  }
  writeFileSync(path.join(house, "package.json"), '{ "type": "module" }');
  symlinkSync(path.join(root, "node_modules"), path.join(house, "node_modules"));
  for (const [file, source] of [...violations, ...allowed]) {
    mkdirSync(path.dirname(path.join(house, file)), { recursive: true });
    writeFileSync(path.join(house, file), `${source}\n`);
  }
  caught = await lint();
});

afterAll(() => rmSync(house, { recursive: true, force: true }));

test.each(violations)("%s is refused", (file, _source, rule) => {
  expect(caught.get(file) ?? []).toContain(rule);
});

test.each(allowed)("%s is welcome", (file) => {
  expect(caught.get(file) ?? []).toEqual([]);
});

describe("the table of rooms", () => {
  test("has every room there is", async () => {
    const config: unknown = (await import("../oxlint.config.ts")).default;
    const text = JSON.stringify(config);
    const missing = readdirSync(path.join(root, "packages")).filter(
      (room) => !text.includes(`packages/${room}/src/**`),
    );
    expect(missing).toEqual([]);
  });
});

describe("a pure room", () => {
  test.each([
    ["process", "export const home = process.env;"],
    ["node:fs", 'export { readFileSync } from "node:fs";'],
    ["a timer", "setTimeout(() => undefined, 1);"],
  ])("does not compile with %s", async (_what, source) => {
    const file = path.join(house, "packages/engine/src/impure.ts");
    writeFileSync(file, source);
    writeFileSync(
      path.join(house, "tsconfig.pure.json"),
      JSON.stringify({ extends: path.join(root, "tsconfig.pure.json"), include: ["packages/engine/src/impure.ts"] }),
    );
    const { code, output } = await runTool("tsc", ["-p", "tsconfig.pure.json"], house);
    rmSync(file);
    expect([code === 0, output.includes("impure.ts")]).toEqual([false, true]);
  });
});

/** The names of the rules that spoke, by file. */
async function lint(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { output } = await runTool("oxlint", ["-f", "unix"], house);
  const spoken = output.split("\n").flatMap((line) => {
    const match = /^(.+?):\d+:\d+: .*\((?<rule>[^()]+)\)\]$/.exec(line);
    return match === null ? [] : [{ file: match[1] ?? "", rule: match.groups?.["rule"] ?? "" }];
  });
  return new Map(
    [...Map.groupBy(spoken, ({ file }) => file)].map(([file, found]) => [file, found.map(({ rule }) => rule)]),
  );
}
