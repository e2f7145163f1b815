/**
 * `npm run check`: every check at once, in seconds. Each check's output is printed whole, failures last, then one
 * summary line. Exit code 1 when any of them failed.
 */
import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import path from "node:path";
import { styleText } from "node:util";
import { type CommandResult, root, runTool } from "./lib/command.ts";
import { houseProblems } from "./lib/houseRules.ts";

interface Check {
  readonly name: string;
  readonly run: () => Promise<CommandResult>;
}

const checks: readonly Check[] = [
  { name: "types", run: () => runTool("tsc", ["-p", "tsconfig.json"]) },
  { name: "pure rooms", run: () => runTool("tsc", ["-p", "tsconfig.pure.json"]) },
  { name: "web types", run: () => runTool("tsc", ["-p", "tsconfig.web.json"]) },
  { name: "browser types", run: () => runTool("tsc", ["-p", "e2e/web/tsconfig.json"]) },
  { name: "lint", run: () => runTool("oxlint", []) },
  { name: "format", run: () => runTool("oxfmt", ["--check"]) },
  { name: "unused", run: () => runTool("knip", ["--no-progress"]) },
  { name: "house rules", run: checkHouseRules },
  { name: "api", run: () => runTool("node", ["scripts/openApi.ts", "--check"]) },
];

async function checkHouseRules(): Promise<CommandResult> {
  const started = performance.now();
  const lines: string[] = [];
  const sources = glob("{packages,scripts,e2e,bench}/**/*.{ts,tsx,mjs}", {
    cwd: root,
    exclude: (name) => ["node_modules", "dist", "transcripts", "fixtures"].includes(path.basename(name)),
  });
  for await (const file of sources) {
    const name = file.replaceAll(path.sep, "/");
    for (const problem of houseProblems(name, readFileSync(path.join(root, file), "utf8"))) {
      lines.push(`${name}:${problem.line} ${problem.message}\n`);
    }
  }
  return { code: lines.length === 0 ? 0 : 1, output: lines.join(""), milliseconds: performance.now() - started };
}

const started = performance.now();
const results = await Promise.all(checks.map(async (check) => ({ name: check.name, ...(await check.run()) })));
const failed = results.filter((result) => result.code !== 0);

for (const result of failed) console.log(`${styleText("bold", `── ${result.name}`)}\n${result.output.trimEnd()}\n`);
for (const result of results) {
  const mark = result.code === 0 ? styleText("green", "ok    ") : styleText("red", "failed");
  console.log(`${mark} ${result.name.padEnd(13)} ${(result.milliseconds / 1000).toFixed(1)} s`);
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`${results.length - failed.length} checks passed, ${failed.length} failed in ${seconds} s`);
process.exitCode = failed.length === 0 ? 0 : 1;
