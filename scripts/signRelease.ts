/**
 * `node scripts/signRelease.ts FOLDER`: signs a release that was made before with the key in RELEASE_SIGNING_KEY, and looks at it as its users will.
 * Builds nothing, so that where the key is only this runs. `--test-key` signs without a key, for a try. docs/guide/releasing.md says when.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "@claude-orchestrator/domain";
import { signFolder } from "@claude-orchestrator/release";
import { endByMistakes } from "./lib/mistakes.ts";

process.exitCode = await endByMistakes(async () => {
  const { values, positionals } = parseArgs({
    options: { "test-key": { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) {
    throw new UserError("usage", "Say the folder with the release", { hint: "node scripts/signRelease.ts FOLDER" });
  }
  await signFolder(path.resolve(folder), {
    env: process.env,
    say: (line) => console.log(line),
    allowTestKey: values["test-key"],
  });
  return 0;
});
