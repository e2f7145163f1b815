import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Artifact } from "./artifact.ts";
import type { ReleaseContext } from "./releaseContext.ts";

const manifestName = "manifest.json";

type ManifestContext = Pick<ReleaseContext, "version" | "commit" | "sourceDateEpoch" | "output">;

/**
 * Writes what the release consists of: sorted by path, so that the same files give the same bytes. Of a release of the same version
 * and commit that was made in part before, what `only` did not make anew stays.
 */
export function writeManifest(context: ManifestContext, artifacts: readonly Artifact[]): string {
  const { version, commit, sourceDateEpoch, output } = context;
  const file = path.join(output, manifestName);
  const sorted = artifactsSoFar(context, artifacts);
  const manifest = { version, commit, source_date_epoch: sourceDateEpoch, artifacts: sorted };
  writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
  return file;
}

/** What is made now and what an earlier part of the same release has made, sorted by path; what is made now wins. */
export function artifactsSoFar(context: ManifestContext, artifacts: readonly Artifact[]): readonly Artifact[] {
  const byPath = new Map([...madeEarlier(context), ...artifacts].map((each) => [each.path, each]));
  return [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** What earlier parts of the same release have made: nothing of another release, nothing that is gone or cannot be read. */
function madeEarlier({ version, commit, sourceDateEpoch, output }: ManifestContext): readonly Artifact[] {
  try {
    const found = JSON.parse(readFileSync(path.join(output, manifestName), "utf8")) as {
      readonly version: string;
      readonly commit: string;
      readonly source_date_epoch: number;
      readonly artifacts: readonly Artifact[];
    };
    const isSame = found.version === version && found.commit === commit && found.source_date_epoch === sourceDateEpoch;
    return isSame ? found.artifacts.filter((each) => existsSync(path.join(output, each.path))) : [];
  } catch {
    return [];
  }
}
