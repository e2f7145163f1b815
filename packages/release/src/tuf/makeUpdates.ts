import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import { artifactOf, type Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { day } from "./metadata.ts";
import { offeredTargets, usualLives, writeRoot, writeTargets } from "./repository.ts";
import type { NewTarget, Signing } from "./repository.ts";
import { readSigningKeys, testSigningKeys } from "./roleKeys.ts";

/** What a release of updates is told by its environment. */
export type UpdatesEnvironment = Readonly<Record<string, string | undefined>>;

const folderName = "updates";

/**
 * The repository that `claude-orchestrator update` reads, as a folder of files for any server: metadata and the executables.
 * `RELEASE_TUF_KEYS` is the folder of keys, else keys are taken that anybody has; `RELEASE_TUF_REPOSITORY` is the repository as it is
 * published, to be gone on from; `RELEASE_CHANNEL` and `RELEASE_MIN_FROM` say of the new release what its version does not.
 *
 * @throws UserError where there is no root and none can be signed
 */
export async function makeUpdates(
  context: ReleaseContext,
  env: UpdatesEnvironment = process.env,
): Promise<readonly Artifact[]> {
  const folder = path.join(context.output, folderName);
  rmSync(folder, { recursive: true, force: true });
  const executables = executablesOf(context);
  if (executables.length === 0) {
    context.say("updates: skipped, there is no executable to offer (`--only exe` makes them)");
    return [];
  }
  const published = env["RELEASE_TUF_REPOSITORY"] ?? "";
  if (published !== "") cpSync(published, folder, { recursive: true });
  const signing = signingOf(context, env);
  if (!existsSync(path.join(folder, "metadata/1.root.json"))) writeFirstRoot(folder, signing);
  const added = executables.map((each) => newTarget(context, each, env));
  const kept = offeredTargets(folder).filter((each) => added.every(({ path: name }) => name !== each.path));
  writeTargets(folder, [...kept, ...added], signing);
  const until = new Date((signing.at + usualLives.timestamp * day) * 1000).toISOString().slice(0, 10);
  context.say(`updates: ${added.length} new, ${kept.length} from before; believed until ${until}`);
  return artifactsBelow(context, folder);
}

/** Whether a release for people has none, since there is no key to sign them with; says so, and takes away what a try has left. */
export function leaveOutUpdates(
  { output, say }: Pick<ReleaseContext, "output" | "say">,
  env: UpdatesEnvironment = process.env,
): boolean {
  if ((env["RELEASE_TUF_KEYS"] ?? "") !== "") return false;
  rmSync(path.join(output, folderName), { recursive: true, force: true });
  say("updates: left out, RELEASE_TUF_KEYS is not set (docs/guide/releasing.md: they are made where their keys are)");
  return true;
}

function signingOf(context: ReleaseContext, env: UpdatesEnvironment): Signing {
  const keys = env["RELEASE_TUF_KEYS"] ?? "";
  if (keys === "")
    context.say("updates: signed with test keys, which no release believes (RELEASE_TUF_KEYS is not set)");
  return { at: context.sourceDateEpoch, keys: keys === "" ? testSigningKeys() : readSigningKeys(keys) };
}

function writeFirstRoot(folder: string, signing: Signing): void {
  if (signing.keys.root.length < 2) {
    throw new UserError("usage", "There is no root of trust to go on from, and no two root keys to sign one with", {
      hint: "name the published repository with RELEASE_TUF_REPOSITORY=FOLDER",
    });
  }
  writeRoot(folder, signing);
}

/** Of this run, else what was made before of the same release. */
function executablesOf({ made, output, version }: ReleaseContext): readonly Artifact[] {
  const now = made.filter(({ kind }) => kind === "executable");
  const manifest = path.join(output, "manifest.json");
  if (now.length > 0 || !existsSync(manifest)) return now;
  const before = JSON.parse(readFileSync(manifest, "utf8")) as {
    readonly version: string;
    readonly artifacts: readonly Artifact[];
  };
  return before.version === version ? before.artifacts.filter(({ kind }) => kind === "executable") : [];
}

function newTarget({ output, version }: ReleaseContext, executable: Artifact, env: UpdatesEnvironment): NewTarget {
  const { path: name, size, sha256, platform = "" } = executable;
  const channel = env["RELEASE_CHANNEL"] ?? channelOf(version);
  const minFrom = env["RELEASE_MIN_FROM"] ?? "";
  const custom = { version, channel, platform, ...(minFrom === "" ? {} : { min_from: minFrom }) };
  return { path: path.basename(name), length: size, sha256, custom, source: path.join(output, name) };
}

/** `1.2.0-nightly.5` is a nightly, another word before a version is a beta. */
export function channelOf(version: string): "stable" | "beta" | "nightly" {
  const before = /-([0-9A-Za-z-]+)/.exec(version)?.[1];
  if (before === undefined) return "stable";
  return before === "nightly" ? "nightly" : "beta";
}

async function artifactsBelow(context: ReleaseContext, folder: string): Promise<readonly Artifact[]> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const files = names.map((each) => path.join(each.parentPath, each.name)).toSorted((a, b) => (a < b ? -1 : 1));
  return Promise.all(files.map((file) => artifactOf(context, file, { kind: "update" })));
}
