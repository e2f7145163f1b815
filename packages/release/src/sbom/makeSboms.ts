import { copyFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { artifactOf, type Artifact } from "../artifact.ts";
import { readVex } from "../audit/readVex.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { contentsOf, type SbomForm } from "./contents.ts";
import { sbomsOf, type Sbom } from "./sbomFiles.ts";

const suffixes: Readonly<Record<Sbom["format"], string>> = { cyclonedx: "cdx.json", spdx: "spdx.json" };

/**
 * Two SBOMs for the npm package, two for each executable that this release has made before, and what we say of known weaknesses, where we
 * say anything.
 */
export async function makeSboms(context: ReleaseContext): Promise<readonly Artifact[]> {
  const executables = context.made.flatMap(({ kind, platform }) =>
    kind === "executable" && platform !== undefined ? [platform] : [],
  );
  const made: Artifact[] = [];
  for (const form of ["npm" as const, ...executables]) made.push(...(await makeSbomsOf(context, form)));
  return [...made, ...(await copyVex(context))];
}

/** OpenVEX knows no document without a statement. */
async function copyVex(context: ReleaseContext): Promise<readonly Artifact[]> {
  const source = path.join(context.root, "security/vex.json");
  if (readVex(source).length === 0) return [];
  const file = path.join(context.output, `claude-orchestrator-${context.version}.vex.json`);
  copyFileSync(source, file);
  return [await artifactOf(context, file, { kind: "sbom" })];
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
