import { writeFileSync } from "node:fs";
import path from "node:path";
import { artifactOf } from "../artifact.ts";
import type { Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { makeTarGz } from "../tar/makeTarGz.ts";
import { stagePackage } from "./stagePackage.ts";

/** The package of the npm registry, as the one `.tgz` that is published and that `npm install FILE` takes. */
export async function makeNpmPackage(context: ReleaseContext): Promise<readonly Artifact[]> {
  const files = stagePackage(context);
  const inPackage = files.map((each) => ({ ...each, path: `package/${each.path}` }));
  const file = path.join(context.output, `claude-orchestrator-${context.version}.tgz`);
  writeFileSync(file, makeTarGz(inPackage, context.sourceDateEpoch));
  const unpacked = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  context.say(`npm: ${files.length} files, ${(unpacked / 1e6).toFixed(2)} MB unpacked`);
  return [await artifactOf(context, file, { kind: "npm" })];
}
