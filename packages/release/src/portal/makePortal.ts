import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { releaseKeyLines } from "@claude-orchestrator/update";
import { artifactOf } from "../artifact.ts";
import type { Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { isVex, portalPage } from "./portalPage.ts";
import { readChanges } from "./readChanges.ts";
import { readWeaknesses } from "./readWeaknesses.ts";

const pageName = "index.html";

/** A page to download from, in the folder of the release: whoever serves that folder, or opens it from a disk, has it. Made last: it names the others. */
export async function makePortal(context: ReleaseContext): Promise<readonly Artifact[]> {
  const { root, output, version, commit, sourceDateEpoch } = context;
  const artifacts = context.made.filter((each) => each.path !== pageName);
  const vex = artifacts.find(isVex);
  const page = portalPage({
    version,
    commit,
    sourceDateEpoch,
    artifacts,
    keys: releaseKeyLines(sourceDateEpoch),
    changes: readChanges(root, version),
    weaknesses: vex === undefined ? undefined : readWeaknesses(path.join(output, vex.path)),
    style: readStyle(root),
  });
  const file = path.join(output, pageName);
  writeFileSync(file, page);
  context.say(`portal: ${artifacts.length} files offered`);
  return [await artifactOf(context, file, { kind: "portal" })];
}

function readStyle(root: string): string {
  const file = path.join(root, "packages/release/portal/portal.css");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
