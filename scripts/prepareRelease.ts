/**
 * `node scripts/prepareRelease.ts VERSION`: writes the version into every manifest, gathers changelog/ under it in CHANGELOG.md and takes the
 * fragments away. Commits nothing: the change is looked at like any other. `--day YYYY-MM-DD` where it is not today's, in UTC.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "@claude-orchestrator/domain";
import { gatherFragments, withRelease } from "./lib/changelog.ts";
import { root } from "./lib/command.ts";
import { readFragments } from "./lib/fragments.ts";
import { endByMistakes } from "./lib/mistakes.ts";
import { setWorkspaceVersion } from "./lib/workspaceVersion.ts";

process.exitCode = await endByMistakes(async () => {
  const { values, positionals } = parseArgs({
    options: { day: { type: "string", default: new Date().toISOString().slice(0, 10) } },
    allowPositionals: true,
  });
  const [version = "", ...others] = positionals;
  if (version === "" || others.length > 0) {
    throw new UserError("usage", "Say one version", { hint: "node scripts/prepareRelease.ts 1.2.3" });
  }
  const fragments = readFragments(root);
  if (fragments.length === 0) {
    throw new UserError("usage", "Nothing has changed that a user would notice: changelog/ has no fragments");
  }
  const changelog = path.join(root, "CHANGELOG.md");
  const text = withRelease(readFileSync(changelog, "utf8"), version, values.day, gatherFragments(fragments));
  setWorkspaceVersion(root, version);
  writeFileSync(changelog, text);
  for (const { name } of fragments) rmSync(path.join(root, "changelog", name));
  console.log(`${version} is prepared, with ${fragments.length} changes: look at them, then docs/guide/releasing.md`);
  return 0;
});
