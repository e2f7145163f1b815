import { gzip } from "../tar/gzip.ts";
import { sharedFiles, licenceFiles, textFile } from "../program/sharedFiles.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import type { StagedFile } from "../stagedFile.ts";
import { debianVersion } from "./debianVersion.ts";
import { copyright, lintianOverrides, maintainer } from "./debTexts.ts";

const documents = "usr/share/doc/claude-orchestrator";

/** What a package of Debian puts where, without the program itself: pages are compressed, and zsh's completions have a place of their own. */
export function debFiles(context: ReleaseContext): readonly StagedFile[] {
  const shared = sharedFiles(context).map(({ path, bytes }) =>
    path.startsWith("share/man/")
      ? { path: `usr/${path}.gz`, bytes: gzip(bytes) }
      : { path: `usr/${path.replace("zsh/site-functions", "zsh/vendor-completions")}`, bytes },
  );
  const [licence, ...others] = licenceFiles(context);
  return [
    ...shared,
    ...others.map(({ path, bytes }) => ({ path: `${documents}/${path}.gz`, bytes: gzip(bytes) })),
    textFile(`${documents}/copyright`, copyright(licence?.bytes.toString() ?? "")),
    { path: `${documents}/changelog.gz`, bytes: gzip(Buffer.from(changelog(context))) },
    textFile("usr/share/lintian/overrides/claude-orchestrator", lintianOverrides),
  ];
}

/** Of the package; what changed in the program stands in its own. */
function changelog({ version, sourceDateEpoch }: Pick<ReleaseContext, "version" | "sourceDateEpoch">): string {
  const [, day, date, month, year, time] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(sourceDateEpoch * 1000).toUTCString()) ?? [];
  return `claude-orchestrator (${debianVersion(version)}) stable; urgency=medium

  * Release ${version}.

 -- ${maintainer}  ${day}, ${date} ${month} ${year} ${time} +0000
`;
}
