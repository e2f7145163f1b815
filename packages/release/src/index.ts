export type { Artifact, ArtifactKind, Platform } from "./artifact.ts";
export type { ReleaseContext } from "./releaseContext.ts";
export { packRelease } from "./airgap/packRelease.ts";
export { portalPage, type PortalFacts } from "./portal/portalPage.ts";
export { auditRelease } from "./audit/auditRelease.ts";
export { compareRelease, type Comparison } from "./rebuild/compareRelease.ts";
export { formNames, release } from "./release.ts";
export { makeReleaseContext } from "./releaseContext.ts";
export { newSigningKey } from "./sign/keyPair.ts";
export { publicKeyFile, secretKeyFile } from "./sign/secretKeyFile.ts";
export { signFolder } from "./sign/signFolder.ts";
export { passwordVariable } from "./sign/signingKey.ts";
export { signed, targetsContent } from "./tuf/metadata.ts";
export {
  addSignatures,
  type NewTarget,
  offeredTargets,
  type Signing,
  writeRoot,
  writeSnapshot,
  writeTargets,
  writeTimestamp,
} from "./tuf/repository.ts";
export { refuseStrangers } from "./tuf/refuseStrangers.ts";
export {
  readBelievedKeys,
  readOnlineKeys,
  readSigningKeys,
  testSigningKeys,
  type SigningKeys,
} from "./tuf/roleKeys.ts";
export { testKey } from "./tuf/tufKey.ts";
