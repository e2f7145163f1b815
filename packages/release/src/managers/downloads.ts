import type { Artifact, Platform } from "../artifact.ts";
import { addressOf } from "../installers/downloadAddress.ts";
import type { ReleaseContext } from "../releaseContext.ts";

/** An archive as a package manager is told of it. */
export interface Download {
  readonly url: string;
  /** In hex. */
  readonly sha256: string;
}

/** What every manifest of a package manager says. */
export interface Product {
  readonly version: string;
  /** One sentence, without a full stop. */
  readonly description: string;
  /** Absolute. */
  readonly homepage: string;
  /** Where the archive of a version of another day is: `{version}` in it stands for it. */
  readonly address: string;
  readonly download: (platform: Platform) => Download | undefined;
}

/** The archives among what was made, at the address they will be downloaded from. */
export function downloadsOf(
  { made, version }: Pick<ReleaseContext, "made" | "version">,
  address: string,
): Product["download"] {
  const archives = new Map(made.flatMap((each) => (each.kind === "archive" ? [[each.platform, each] as const] : [])));
  return (platform) => {
    const archive: Artifact | undefined = archives.get(platform);
    if (archive === undefined) return undefined;
    return { url: `${addressOf(address, version)}/${archive.path}`, sha256: archive.sha256 };
  };
}
