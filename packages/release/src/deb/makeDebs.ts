import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { artifactOf } from "../artifact.ts";
import type { Artifact } from "../artifact.ts";
import { executablesOf } from "../exe/executablesOf.ts";
import { runtimeBytes } from "../exe/runtimeBytes.ts";
import { glibcNeeded } from "../exe/systemNeeds.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import type { StagedFile } from "../stagedFile.ts";
import { inOrder } from "../stagedFile.ts";
import { makeTarGz } from "../tar/makeTarGz.ts";
import { controlFiles } from "./control.ts";
import { debFiles } from "./debFiles.ts";
import { makeAr } from "./makeAr.ts";

/** A package of Debian and Ubuntu for each executable of Linux. */
export async function makeDebs(context: ReleaseContext): Promise<readonly Artifact[]> {
  const others = debFiles(context);
  const made: Artifact[] = [];
  for (const { target, file } of executablesOf(context, "deb")) {
    if (target.format !== "elf") continue;
    const architecture = target.processor === "x64" ? "amd64" : "arm64";
    const program = { path: "usr/bin/claude-orchestrator", bytes: readFileSync(file), isExecutable: true };
    const files = inOrder([program, ...others]);
    const glibc = glibcNeeded(runtimeBytes(target, context.root));
    const control = controlFiles({ version: context.version, architecture, glibc, files });
    const name = `claude-orchestrator_${context.version}_${architecture}.deb`;
    writeFileSync(path.join(context.output, name), makeDeb(control, files, context.sourceDateEpoch));
    made.push(await artifactOf(context, path.join(context.output, name), { kind: "deb", platform: target.platform }));
  }
  return made;
}

/** gzip and not xz: the program is compressed already, and every `dpkg` reads it. @param at seconds since 1970 */
function makeDeb(control: readonly StagedFile[], files: readonly StagedFile[], at: number): Buffer {
  const root = { path: "./", bytes: Buffer.alloc(0) };
  const below = files.map((each) => ({ ...each, path: `./${each.path}` }));
  return makeAr(
    [
      { name: "debian-binary", bytes: Buffer.from("2.0\n") },
      { name: "control.tar.gz", bytes: makeTarGz([root, ...control], at) },
      { name: "data.tar.gz", bytes: makeTarGz([...foldersOf(below), ...below], at) },
    ],
    at,
  );
}

/** `dpkg` makes no folder that is not in the package. */
function foldersOf(files: readonly StagedFile[]): readonly StagedFile[] {
  const folders = files.flatMap(({ path: file }) => {
    const parts = file.split("/").slice(0, -1);
    return parts.map((_, index) => `${parts.slice(0, index + 1).join("/")}/`);
  });
  return [...new Set(folders)].map((folder) => ({ path: folder, bytes: Buffer.alloc(0) }));
}
