import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { artifactOf } from "../artifact.ts";
import type { Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { makeTarGz } from "../tar/makeTarGz.ts";

/** What GitHub leaves as it is; it writes a full stop for everything else, and the list would name a file that is not there. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * What these artifacts are where releases are uploaded to, which knows no folders: of what is in one becomes one archive of that folder,
 * and the folder goes. All others stay as they are.
 *
 * @throws Error where a name would not be kept there
 */
export async function packFolders(
  context: Pick<ReleaseContext, "version" | "sourceDateEpoch" | "output" | "say">,
  artifacts: readonly Artifact[],
): Promise<readonly Artifact[]> {
  const { version, sourceDateEpoch, output, say } = context;
  const packed: Artifact[] = [];
  for (const [folder, inside] of Map.groupBy(artifacts, topOf)) {
    const [first] = inside;
    if (folder === "" || first === undefined) {
      packed.push(...inside);
      continue;
    }
    const files = inside.map((each) => ({ path: each.path, bytes: readFileSync(path.join(output, each.path)) }));
    const archive = path.join(output, `claude-orchestrator-${version}-${folder}.tar.gz`);
    writeFileSync(archive, makeTarGz(files, sourceDateEpoch));
    rmSync(path.join(output, folder), { recursive: true });
    packed.push(await artifactOf(context, archive, { kind: first.kind }));
    say(`${folder}: ${files.length} files in one archive`);
  }
  const other = packed.find((each) => !plainName.test(each.path));
  if (other !== undefined) throw new Error(`\`${other.path}\` would get another name where it is uploaded to`);
  return packed;
}

/** Empty for what is in no folder. */
function topOf({ path: name }: Artifact): string {
  const end = name.indexOf("/");
  return end === -1 ? "" : name.slice(0, end);
}
