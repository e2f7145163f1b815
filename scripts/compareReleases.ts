/**
 * `node scripts/compareReleases.ts FIRST SECOND`: whether two folders with a release hold the same files with the same bytes; exit code 1 where
 * not. `--published`: FIRST was downloaded, and what its SHA256SUMS names is to be in SECOND; signatures, which nobody can make anew, are not named there.
 */
import { parseArgs } from "node:util";
import { UserError } from "@claude-orchestrator/domain";
import { differences, hashesBelow, publishedHashes } from "./lib/folderHashes.ts";
import { endByMistakes } from "./lib/mistakes.ts";

process.exitCode = await endByMistakes(async () => {
  const { values, positionals } = parseArgs({
    options: { published: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const [first, second, ...others] = positionals;
  if (first === undefined || second === undefined || others.length > 0) {
    throw new UserError("usage", "Say two folders", { hint: "node scripts/compareReleases.ts FIRST SECOND" });
  }
  const expected = values.published ? publishedHashes(first) : await hashesBelow(first);
  const all = await hashesBelow(second);
  const made = values.published ? new Map([...all].filter(([name]) => expected.has(name))) : all;
  const different = differences(expected, made);
  for (const line of different) console.error(line);
  if (different.length > 0 || expected.size === 0) {
    console.error(`${different.length} of ${expected.size} files are not the same`);
    return 1;
  }
  console.log(`${expected.size} files are the same, byte for byte`);
  return 0;
});
