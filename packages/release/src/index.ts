export type { Artifact, ArtifactKind, Platform } from "./artifact.ts";
export type { ReleaseContext } from "./releaseContext.ts";
export { formNames, release } from "./release.ts";
export { makeReleaseContext } from "./releaseContext.ts";
export { newSigningKey } from "./sign/keyPair.ts";
export { publicKeyFile, secretKeyFile } from "./sign/secretKeyFile.ts";
export { passwordVariable } from "./sign/signingKey.ts";
export { believedKeys, readSigningKeys, testSigningKeys, type SigningKeys } from "./tuf/roleKeys.ts";
export {
  type NewTarget,
  type Signing,
  writeRoot,
  writeSnapshot,
  writeTargets,
  writeTimestamp,
} from "./tuf/repository.ts";
export { testKey } from "./tuf/tufKey.ts";
export { signed, targetsContent } from "./tuf/metadata.ts";
