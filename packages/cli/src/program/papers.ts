import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { UserError } from "@claude-orchestrator/domain";

/** Where a released program has what it says of itself, as seen from its chunks. */
const papers = {
  cyclonedx: "../sbom/cyclonedx.json",
  spdx: "../sbom/spdx.json",
  licences: "../../THIRD-PARTY-LICENSES",
} as const;

/**
 * What came with this program.
 *
 * @throws UserError where nothing did: it was built here, and never released
 */
export async function readPaper(name: string): Promise<string> {
  const file = Object.entries(papers).find(([each]) => each === name)?.[1];
  if (file === undefined) throw new Error(`there is no paper ${name}`);
  try {
    return await readFile(fileURLToPath(new URL(file, import.meta.url)), "utf8");
  } catch (cause) {
    throw new UserError(
      "file-not-readable",
      "This program carries no list of what is inside: it was built, and not released",
      {
        hint: "`npm run release -- --dry-run --only sbom` makes the list of a clone, in dist/release",
        cause,
      },
    );
  }
}
