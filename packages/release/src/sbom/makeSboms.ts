import { writeFileSync } from "node:fs";
import path from "node:path";
import { artifactOf, type Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { contentsOf, type SbomForm } from "./contents.ts";
import { sbomsOf, type Sbom } from "./sbomFiles.ts";

const suffixes: Readonly<Record<Sbom["format"], string>> = { cyclonedx: "cdx.json", spdx: "spdx.json" };

/** Two SBOMs for the npm package, and two for each executable that this release has made before. */
export async function makeSboms(context: ReleaseContext): Promise<readonly Artifact[]> {
  const executables = context.made.flatMap(({ kind, platform }) =>
    kind === "executable" && platform !== undefined ? [platform] : [],
  );
  const made: Artifact[] = [];
  for (const form of ["npm" as const, ...executables]) made.push(...(await makeSbomsOf(context, form)));
  return made;
}

async function makeSbomsOf(context: ReleaseContext, form: SbomForm): Promise<readonly Artifact[]> {
  const contents = contentsOf(context, form);
  const count = contents.components.reduce((sum, { parts }) => sum + 1 + parts.length, 0);
  context.say(`SBOM of ${form}: ${count} components`);
  return Promise.all(
    sbomsOf(contents).map(({ format, text }) => {
      const file = path.join(context.output, `claude-orchestrator-${context.version}-${form}.${suffixes[format]}`);
      writeFileSync(file, text);
      return artifactOf(context, file, { kind: "sbom", ...(form === "npm" ? {} : { platform: form }) });
    }),
  );
}
