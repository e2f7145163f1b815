import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { artifactOf } from "../artifact.ts";
import type { Artifact } from "../artifact.ts";
import { executablesOf } from "../exe/executablesOf.ts";
import type { MadeExecutable } from "../exe/executablesOf.ts";
import { completionsOf } from "../program/askProgram.ts";
import { inFolder, licenceFiles, sharedFiles, textFile } from "../program/sharedFiles.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import type { StagedFile } from "../stagedFile.ts";
import { makeTarGz } from "../tar/makeTarGz.ts";
import { makeZip } from "../zip/makeZip.ts";

/**
 * For each executable an archive that is unpacked where programs are: `bin` and `share` in a `.tar.gz`, a folder with the
 * executable in a `.zip` for Windows.
 */
export async function makeArchives(context: ReleaseContext): Promise<readonly Artifact[]> {
  const unix = [...sharedFiles(context), ...inFolder("share/doc/claude-orchestrator", licenceFiles(context))];
  const windows = [
    ...completionsOf(context)
      .filter(({ name }) => name.endsWith(".ps1"))
      .map(({ name, text }) => textFile(`completions/${name}`, text)),
    ...licenceFiles(context),
  ];
  const made: Artifact[] = [];
  for (const executable of executablesOf(context, "archive")) {
    const isWindows = executable.target.format === "pe";
    made.push(await makeArchive(context, executable, isWindows ? windows : unix));
  }
  return made;
}

async function makeArchive(
  context: ReleaseContext,
  { target, file }: MadeExecutable,
  others: readonly StagedFile[],
): Promise<Artifact> {
  const { platform } = target;
  const name = `claude-orchestrator-${context.version}-${platform}`;
  const [isWindows, bytes] = [target.format === "pe", readFileSync(file)];
  const program = {
    path: isWindows ? "claude-orchestrator.exe" : "bin/claude-orchestrator",
    bytes,
    isExecutable: true,
  };
  const files = inFolder(name, [program, ...others]);
  const [suffix, pack] = isWindows ? [".zip", makeZip] : [".tar.gz", makeTarGz];
  const archive = path.join(context.output, name + suffix);
  writeFileSync(archive, pack(files, context.sourceDateEpoch));
  return artifactOf(context, archive, { kind: "archive", platform });
}
