export type { Artifact, ArtifactKind, Platform } from "./artifact.ts";
export type { ReleaseContext } from "./releaseContext.ts";
export { formNames, release } from "./release.ts";
export { makeReleaseContext } from "./releaseContext.ts";
