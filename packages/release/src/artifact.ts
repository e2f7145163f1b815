import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { ReleaseContext } from "./releaseContext.ts";

/** What a file of a release is, in one word: who reads the manifest chooses by it. */
export type ArtifactKind =
  | "npm"
  | "executable"
  | "archive"
  | "wheel"
  | "deb"
  | "installer"
  | "package-manager"
  | "sbom"
  | "signature"
  | "update"
  | "airgap"
  | "portal";

/** As the packages of Node are named in the registry; with a libc where it is another than the usual one. */
export type Platform =
  | "linux-x64"
  | "linux-arm64"
  | "linux-x64-musl"
  | "linux-arm64-musl"
  | "darwin-arm64"
  | "darwin-x64"
  | "win-x64"
  | "win-arm64";

/** One file of a release, as its manifest tells it. */
export interface Artifact {
  /** Relative to the output folder, with forward slashes. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
  readonly kind: ArtifactKind;
  /** Absent where it is for all of them. */
  readonly platform?: Platform;
}

/** Looks at a file that a form has written. @param file absolute, inside the output folder */
export async function artifactOf(
  { output }: Pick<ReleaseContext, "output">,
  file: string,
  { kind, platform }: Pick<Artifact, "kind" | "platform">,
): Promise<Artifact> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return {
    path: path.relative(output, file).split(path.sep).join("/"),
    size: statSync(file).size,
    sha256: hash.digest("hex"),
    kind,
    ...(platform === undefined ? {} : { platform }),
  };
}
