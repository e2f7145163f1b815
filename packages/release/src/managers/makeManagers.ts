import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import { artifactOf } from "../artifact.ts";
import type { Artifact } from "../artifact.ts";
import { addressVariable, downloadAddress } from "../installers/downloadAddress.ts";
import { inFolder, textFile } from "../program/sharedFiles.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import type { StagedFile } from "../stagedFile.ts";
import { aurPackage } from "./aurPackage.ts";
import { chocolateyPackage } from "./chocolateyPackage.ts";
import { downloadsOf } from "./downloads.ts";
import type { Product } from "./downloads.ts";
import { homebrewFormula } from "./homebrewFormula.ts";
import { scoopManifest } from "./scoopManifest.ts";
import { wingetManifests } from "./wingetManifests.ts";

/** A name that can never be somebody's. */
const nowhere = "https://claude-orchestrator.invalid/{version}";

/** What package managers are told of this release: where its archives are, and their hashes. */
export async function makeManagers(context: ReleaseContext): Promise<readonly Artifact[]> {
  if (!context.made.some(({ kind }) => kind === "archive")) {
    throw new UserError("usage", "`managers` names archives, and none is made", {
      hint: "npm run release -- --dry-run --only exe --only archive --only managers",
    });
  }
  const address = downloadAddress(context, process.env);
  if (address === undefined) context.say(`${addressVariable} is not set: what is made names ${nowhere}`);
  const made: Artifact[] = [];
  for (const { path: name, bytes } of managerFiles(productOf(context, address ?? nowhere))) {
    const file = path.join(context.output, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    made.push(await artifactOf(context, file, { kind: "package-manager" }));
  }
  return made;
}

/** A folder for each package manager. */
export function managerFiles(product: Product): readonly StagedFile[] {
  const scoop = scoopManifest(product);
  return [
    textFile("managers/homebrew/claude-orchestrator.rb", homebrewFormula(product)),
    ...(scoop === undefined ? [] : [textFile("managers/scoop/claude-orchestrator.json", scoop)]),
    ...inFolder("managers/chocolatey", chocolateyPackage(product)),
    ...inFolder("managers/aur", aurPackage(product)),
    ...inFolder("managers/winget", wingetManifests(product)),
  ];
}

function productOf(context: ReleaseContext, address: string): Product {
  const { description, homepage } = JSON.parse(readFileSync(path.join(context.root, "package.json"), "utf8")) as {
    readonly description: string;
    readonly homepage?: string;
  };
  return {
    version: context.version,
    description,
    homepage: homepage ?? new URL(address).origin,
    address,
    download: downloadsOf(context, address),
  };
}
