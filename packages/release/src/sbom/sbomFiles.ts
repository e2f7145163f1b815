import type { StagedFile } from "../stagedFile.ts";
import { thirdPartyLicences, type LicenceSources } from "../licences/thirdPartyLicences.ts";
import type { Contents } from "./contents.ts";
import { cycloneDx } from "./cycloneDx.ts";
import { spdx } from "./spdx.ts";

/** A document in a format that tools ask for. */
export interface Sbom {
  readonly format: "cyclonedx" | "spdx";
  readonly text: string;
}

/** The form's two SBOMs: the same bytes in the form itself and beside it. */
export function sbomsOf(contents: Contents): readonly Sbom[] {
  return [
    { format: "cyclonedx", text: printed(cycloneDx(contents)) },
    { format: "spdx", text: printed(spdx(contents)) },
  ];
}

/** What a form carries of this inside, where `claude-orchestrator sbom` looks for it. */
export function sbomFiles(contents: Contents, sources: LicenceSources): readonly StagedFile[] {
  return [
    ...sbomsOf(contents).map(({ format, text }) => ({ path: `dist/sbom/${format}.json`, bytes: Buffer.from(text) })),
    { path: "THIRD-PARTY-LICENSES", bytes: Buffer.from(thirdPartyLicences(contents, sources)) },
  ];
}

function printed(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
