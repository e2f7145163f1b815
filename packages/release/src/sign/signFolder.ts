import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import { pinnedKeys, verifyFolder } from "@claude-orchestrator/update";
import type { Believed } from "@claude-orchestrator/update";
import { sealRelease } from "./sealRelease.ts";
import { keyVariable } from "./signingKey.ts";

interface FolderOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
  /** Without a key the test key signs, for a try. */
  readonly allowTestKey: boolean;
  /** The keys that a released program believes; those pinned in this one without it. */
  readonly keys?: Believed["keys"];
}

/**
 * Signs a release that was made elsewhere, and before: where the key is, nothing is built. Then looks at it as its users will.
 *
 * @throws UserError usage, where it is no release, there is no key, or no program would believe what that key signs
 */
export async function signFolder(output: string, options: FolderOptions): Promise<void> {
  const { env, say, allowTestKey, keys = pinnedKeys() } = options;
  const manifest = path.join(output, "manifest.json");
  if (!existsSync(manifest)) {
    throw new UserError("usage", `There is no ${manifest}`, { hint: "`npm run release -- --dry-run` makes a release" });
  }
  if ((env[keyVariable] ?? "") === "" && !allowTestKey) {
    throw new UserError("usage", `${keyVariable} is not set`, { hint: "`--test-key` signs what is no release" });
  }
  const {
    version,
    commit,
    source_date_epoch: sourceDateEpoch,
  } = JSON.parse(readFileSync(manifest, "utf8")) as {
    readonly version: string;
    readonly commit: string;
    readonly source_date_epoch: number;
  };
  await sealRelease({ version, commit, sourceDateEpoch, output, say }, manifest, env);
  const { isVerified, findings } = await verifyFolder(output, { keys, allowTestKey });
  if (isVerified) return;
  const [worst] = findings.filter(({ standing }) => standing !== "right");
  throw new UserError("usage", `${output} would not be believed: ${worst?.path}: ${worst?.why ?? worst?.standing}`, {
    hint: "docs/guide/release-keys.md: the key is pinned in the program before it signs a release",
  });
}
