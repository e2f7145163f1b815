/**
 * `node scripts/openApi.ts`: writes docs/openapi.json from the routes' schemas, and prints what of it breaks clients of the document
 * of another commit (HEAD; another one can be named). `--check` writes nothing and fails where the committed one is not current.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openApiDocument } from "@claude-orchestrator/protocol";
import { breakingChanges } from "./lib/breakingChanges.ts";
import { root } from "./lib/command.ts";

const file = "docs/openapi.json";
const isCheck = process.argv.includes("--check");
const base = process.argv.slice(2).find((word) => !word.startsWith("--")) ?? "HEAD";
const text = `${JSON.stringify(openApiDocument(), undefined, 2)}\n`;

const { status, stdout } = spawnSync("git", ["show", `${base}:${file}`], { cwd: root, encoding: "utf8" });
if (status === 0) tellChanges(breakingChanges(documentIn(stdout), documentIn(text)));
else console.log(`${base} has no ${file} to compare with`);
if (!isCheck) writeFileSync(path.join(root, file), text);
else if (readFileSync(path.join(root, file), "utf8") !== text) {
  console.log(`${file} is not what the routes say: \`node scripts/openApi.ts\` writes it`);
  process.exitCode = 1;
}

function documentIn(json: string): Readonly<Record<string, unknown>> {
  return JSON.parse(json) as Record<string, unknown>;
}

function tellChanges(changes: readonly string[]): void {
  for (const change of changes) console.log(`breaks clients: ${change}`);
  if (changes.length === 0) console.log(`${file}: nothing in it breaks clients of ${base}`);
}
