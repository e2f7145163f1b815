import type { Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";

/** The package of the npm registry, as one `.tgz`. */
export async function makeNpmPackage(context: ReleaseContext): Promise<readonly Artifact[]> {
  context.say(`npm: ${context.version}`);
  return [];
}
