/**
 * `node scripts/releaseTag.ts --notes FILE [TAG]`: whether what this tag names may be released: its version is the clone's, the changelog has
 * it, and nothing that has changed is left out. Writes what a release says into FILE, prints `version=…`. Without a tag: a try, of any commit.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "@claude-orchestrator/domain";
import { gatherFragments, releaseNotes } from "./lib/changelog.ts";
import { root } from "./lib/command.ts";
import { readFragments } from "./lib/fragments.ts";
import { endByMistakes } from "./lib/mistakes.ts";
import { workspaceVersion } from "./lib/workspaceVersion.ts";

process.exitCode = await endByMistakes(async () => {
  const { values, positionals } = parseArgs({ options: { notes: { type: "string" } }, allowPositionals: true });
  if (values.notes === undefined || positionals.length > 1) {
    throw new UserError("usage", "Say where to write the notes, and one tag", {
      hint: "node scripts/releaseTag.ts --notes notes.md v1.2.3",
    });
  }
  const version = workspaceVersion(root);
  const [tag = ""] = positionals;
  writeFileSync(values.notes, tag === "" ? gatherFragments(readFragments(root)) : notesOfTag(tag, version));
  console.log(`version=${version}`);
  return 0;
});

function notesOfTag(tag: string, version: string): string {
  const prepared = { hint: "`node scripts/prepareRelease.ts VERSION`, then tag the commit that has what it wrote" };
  if (tag !== `v${version}`) {
    throw new UserError("usage", `The tag \`${tag}\` is on a commit of version ${version}`, prepared);
  }
  const notes = releaseNotes(readFileSync(path.join(root, "CHANGELOG.md"), "utf8"), version);
  if (notes === undefined) throw new UserError("usage", `CHANGELOG.md does not have ${version}`, prepared);
  const left = readFragments(root);
  if (left.length > 0) {
    throw new UserError("usage", `changelog/ still has ${left.map(({ name }) => name).join(", ")}`, prepared);
  }
  return notes;
}
