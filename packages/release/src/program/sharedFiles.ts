import { readFileSync } from "node:fs";
import path from "node:path";
import { thirdPartyLicences } from "../licences/thirdPartyLicences.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { contentsOf } from "../sbom/contents.ts";
import type { StagedFile } from "../stagedFile.ts";
import { completionsOf, manPagesOf } from "./askProgram.ts";

/** Where each shell looks for what it completes with; PowerShell looks nowhere. */
const completionPlaces: Readonly<Record<string, string>> = {
  "claude-orchestrator.bash": "share/bash-completion/completions/claude-orchestrator",
  "_claude-orchestrator": "share/zsh/site-functions/_claude-orchestrator",
  "claude-orchestrator.fish": "share/fish/vendor_completions.d/claude-orchestrator.fish",
};

/** Manual pages and completions where a Unix system looks for them, below `/usr`, `/usr/local` or `~/.local`. */
export function sharedFiles(context: Pick<ReleaseContext, "bundle" | "sourceDateEpoch">): readonly StagedFile[] {
  const pages = manPagesOf(context).map(({ name, text }) => textFile(`share/man/man1/${name}.1`, text));
  const completions = completionsOf(context).flatMap(({ name, text }) => {
    const place = completionPlaces[name];
    return place === undefined ? [] : [textFile(place, text)];
  });
  return [...pages, ...completions];
}

/** What must go along with the program, whoever carries it. The licence of the Node inside is in the executable itself. */
export function licenceFiles(context: ReleaseContext): readonly StagedFile[] {
  return [
    textFile("LICENSE", readFileSync(path.join(context.root, "LICENSE"), "utf8")),
    textFile("THIRD-PARTY-LICENSES", thirdPartyLicences(contentsOf(context, "npm"), context)),
  ];
}

export function inFolder(folder: string, files: readonly StagedFile[]): readonly StagedFile[] {
  return files.map((each) => ({ ...each, path: `${folder}/${each.path}` }));
}

export function textFile(name: string, text: string): StagedFile {
  return { path: name, bytes: Buffer.from(text) };
}
