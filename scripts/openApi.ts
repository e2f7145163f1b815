/**
 * `node scripts/openApi.ts`: writes docs/openapi.json from the routes' schemas. `--check` writes nothing, and fails where the committed
 * one is not current, or where it breaks clients of the last release: docs/openapi.released.json, which `--release` makes the same. A
 * break is accepted by another `apiVersion` (packages/protocol/src/openApi.ts), for all that there are until the next release.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openApiDocument } from "@claude-orchestrator/protocol";
import { breakingChanges } from "./lib/breakingChanges.ts";
import { root } from "./lib/command.ts";

const current = path.join(root, "docs/openapi.json");
const released = path.join(root, "docs/openapi.released.json");
const document = openApiDocument();
const text = `${JSON.stringify(document, undefined, 2)}\n`;

if (process.argv.includes("--check")) {
  if (readFileSync(current, "utf8") !== text) {
    console.log("docs/openapi.json is not what the routes say: `node scripts/openApi.ts` writes it");
    process.exitCode = 1;
  }
} else writeFileSync(current, text);
if (process.argv.includes("--release")) writeFileSync(released, text);

const before = JSON.parse(readFileSync(released, "utf8")) as Readonly<Record<string, unknown>>;
const changes = breakingChanges(before, document);
for (const change of changes) console.log(`breaks clients of the last release: ${change}`);
if (changes.length > 0 && versionOf(before) === versionOf(document)) {
  console.log(
    "keep what they rely on, or let `apiVersion` in packages/protocol/src/openApi.ts grow and say it in changelog/",
  );
  process.exitCode = 1;
}

function versionOf({ info }: Readonly<Record<string, unknown>>): unknown {
  return (info as { readonly version?: unknown } | undefined)?.version;
}
