import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import { artifactOf, type Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { contentsOf } from "../sbom/contents.ts";
import { sbomFiles } from "../sbom/sbomFiles.ts";
import type { StagedFile } from "../stagedFile.ts";
import { builtLauncher } from "./buildLauncher.ts";
import { fetchRuntime } from "./fetchRuntime.ts";
import { fillSlot } from "./fillSlot.ts";
import { endOfContent, signedMachO } from "./machO.ts";
import { buildMakeTable, filesBelow, makePack, type PackedFile } from "./makePack.ts";
import { targets, type Target } from "./targets.ts";

/** Of compression, for what is published: a minute for a runtime that was not compressed before. */
const releaseLevel = 19;
/** What grows past it is looked at before it is published. */
const sizeLimit = 40_000_000;

/**
 * One file for each platform, with Node and the program inside. `RELEASE_EXE=linux-x64,win-x64` makes only those;
 * `RELEASE_EXE_LEVEL=3` compresses in a second and not as well, where a test waits for it.
 *
 * @throws UserError where a compiler is not installed
 */
export async function makeExecutables(context: ReleaseContext): Promise<readonly Artifact[]> {
  const made: Artifact[] = [];
  const level = Number(process.env["RELEASE_EXE_LEVEL"] ?? releaseLevel);
  for (const target of chosen(process.env["RELEASE_EXE"])) {
    context.say(`executable for ${target.platform} …`);
    made.push(await makeExecutable(context, target, level));
  }
  return made;
}

/** The limit on the size is for what is published. */
async function makeExecutable(context: ReleaseContext, target: Target, level: number): Promise<Artifact> {
  const folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator executable-"));
  try {
    const bytes = bytesOf(context, target, level, folder);
    if (level === releaseLevel && bytes.length > sizeLimit) {
      throw new Error(`the executable for ${target.platform} has ${bytes.length} bytes, more than ${sizeLimit}`);
    }
    const suffix = target.format === "pe" ? ".exe" : "";
    const file = path.join(context.output, `claude-orchestrator-${context.version}-${target.platform}${suffix}`);
    writeFileSync(file, bytes);
    chmodSync(file, 0o755);
    return await artifactOf(context, file, { kind: "executable", platform: target.platform });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function bytesOf(context: ReleaseContext, target: Target, level: number, folder: string): Buffer {
  const launcherSource = path.join(context.root, "packages/release/launcher");
  const cache = path.join(context.root, "node_modules/.cache/claude-orchestrator-release");
  const runtime = fetchRuntime(target, context.root, cache);
  const licence = path.join(folder, "LICENSE");
  const nodeLicence = runtime.licence ?? licenceOfNode(context.root, cache);
  writeFileSync(licence, nodeLicence);
  const told = sbomFiles(contentsOf(context, target.platform), { root: context.root, nodeLicence });
  const pack = makePack(
    { name: target.runtimeName, source: runtime.file, executable: true },
    [
      ...programFiles(context),
      ...told.map((file) => writtenFile(file, path.join(folder, "told"))),
      { name: "LICENSE-node", source: licence, executable: false },
    ],
    { makeTable: buildMakeTable(launcherSource, folder), folder, cache, level },
  );
  const launcher = readFileSync(builtLauncher(target, launcherSource, cache));
  const parts = (content: Buffer): Buffer =>
    Buffer.concat([fillSlot(content, content.length, pack, context.version), pack.table, pack.data]);
  return target.format === "mach-o"
    ? signedMachO(parts(endOfContent(launcher)), "claude-orchestrator")
    : parts(launcher);
}

/** The package for Windows has no licence in it; that of Linux has the same Node's. */
function licenceOfNode(root: string, cache: string): string {
  const [target] = targets;
  const licence = target === undefined ? undefined : fetchRuntime(target, root, cache).licence;
  if (licence === undefined) throw new Error("no package of Node has its licence");
  return licence;
}

/** In the bundle's folder, but of no use to the program: how it was built, types, and what was released before. */
const leftOut = [/^meta(?:\.web)?\.json$/, /^release\//, /\.d\.ts$/];

function programFiles({ bundle, root }: ReleaseContext): readonly PackedFile[] {
  const built = filesBelow(bundle)
    .filter(({ name }) => !leftOut.some((pattern) => pattern.test(name)))
    .map(({ name, source }) => ({ name: `dist/${name}`, source, executable: false }));
  return [...built, { name: "LICENSE", source: path.join(root, "LICENSE"), executable: false }];
}

/** What is packed is read from files. */
function writtenFile({ path: name, bytes }: StagedFile, folder: string): PackedFile {
  const source = path.join(folder, name);
  mkdirSync(path.dirname(source), { recursive: true });
  writeFileSync(source, bytes);
  return { name, source, executable: false };
}

function chosen(names: string | undefined): readonly Target[] {
  if (names === undefined || names === "") return targets;
  return names.split(",").map((name) => {
    const target = targets.find(({ platform }) => platform === name);
    if (target !== undefined) return target;
    throw new UserError("usage", `RELEASE_EXE names \`${name}\`, for which there is no executable`, {
      hint: `one of ${targets.map(({ platform }) => platform).join(", ")}`,
    });
  });
}
