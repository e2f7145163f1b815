import { UserError } from "@claude-orchestrator/domain";
import { makeDocs } from "./airgap/makeDocs.ts";
import { makeArchives } from "./archive/makeArchives.ts";
import type { Artifact } from "./artifact.ts";
import { makeDebs } from "./deb/makeDebs.ts";
import { makeExecutables } from "./exe/makeExecutables.ts";
import { keysForPeople, makeInstallers } from "./installers/makeInstallers.ts";
import { makeManagers } from "./managers/makeManagers.ts";
import { artifactsSoFar, writeManifest } from "./manifest.ts";
import { notOfCommit } from "./notOfCommit.ts";
import { makeNpmPackage } from "./npm/makeNpmPackage.ts";
import { makePortal } from "./portal/makePortal.ts";
import type { ReleaseContext } from "./releaseContext.ts";
import { makeSboms } from "./sbom/makeSboms.ts";
import { scanArtifacts } from "./scan/scanArtifacts.ts";
import { sealRelease } from "./sign/sealRelease.ts";
import { signCode } from "./sign/signCode.ts";
import { leaveOutUpdates, makeUpdates } from "./tuf/makeUpdates.ts";
import { packFolders } from "./upload/packFolders.ts";
import { makeWheels } from "./wheel/makeWheels.ts";

type Form = (context: ReleaseContext) => Promise<readonly Artifact[]>;

/** Every form of the product, in the order in which they can use each other. */
const forms: Readonly<Record<string, Form>> = {
  npm: makeNpmPackage,
  exe: makeExecutables,
  archive: makeArchives,
  wheel: makeWheels,
  deb: makeDebs,
  installers: (context) => makeInstallers(context),
  managers: makeManagers,
  tuf: makeUpdates,
  sbom: makeSboms,
  docs: makeDocs,
  portal: makePortal,
};

/** Where it is another for people than for a try. */
const forPeople: Readonly<Record<string, Form>> = {
  ...forms,
  installers: (context) => makeInstallers(context, keysForPeople()),
  tuf: async (context) => (leaveOutUpdates(context) ? [] : makeUpdates(context)),
};

export const formNames: readonly string[] = Object.keys(forms);

/** As which release it is made. */
interface ReleasePurpose {
  /**
   * To be uploaded where there are no folders, and given to people: each folder becomes an archive, no updates are signed by test keys,
   * and the installers do not believe the one of releases.
   */
  readonly isForUpload: boolean;
}

/**
 * Makes the named forms, all without a name, the manifest, and what is signed. Publishes nothing.
 *
 * @throws UserError usage; Error where an artifact holds a key, or tells of this machine
 */
export async function release(
  context: ReleaseContext,
  only: readonly string[] = [],
  { isForUpload }: ReleasePurpose = { isForUpload: false },
): Promise<readonly Artifact[]> {
  const unknown = only.find((name) => !formNames.includes(name));
  if (unknown !== undefined) {
    throw new UserError("usage", `There is no form \`${unknown}\``, { hint: `one of ${formNames.join(", ")}` });
  }
  const made: Artifact[] = [];
  for (const [name, make] of Object.entries(isForUpload ? forPeople : forms)) {
    if (only.length > 0 && !only.includes(name)) continue;
    context.say(`${name} …`);
    const soFar = artifactsSoFar(context, made);
    const signed = await signCode(context, await make({ ...context, made: soFar }), process.env);
    made.push(...(isForUpload ? await packFolders(context, signed) : signed));
  }
  scanArtifacts(context, made);
  const why = notOfCommit(context);
  if (why !== undefined) context.say(`nobody can make this release again: ${why}`);
  return [...made, ...(await sealRelease(context, writeManifest(context, made), process.env))];
}
