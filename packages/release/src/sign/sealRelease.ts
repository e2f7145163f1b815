import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { artifactOf } from "../artifact.ts";
import type { Artifact } from "../artifact.ts";
import { signingKey } from "./signingKey.ts";
import { signRelease, type SignContext } from "./signRelease.ts";

/**
 * Signs the manifest and everything it names, also what an earlier part of the same release has made. What this writes is in no
 * manifest: it comes after it.
 *
 * @throws UserError usage, where the key cannot be used; Error where a file is no longer what the manifest says
 */
export async function sealRelease(
  context: SignContext,
  manifest: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly Artifact[]> {
  const key = await signingKey(env);
  const { artifacts } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly artifacts: readonly Artifact[] };
  for (const { path: name, sha256, kind } of artifacts) {
    const file = path.join(context.output, name);
    if (existsSync(file) && (await artifactOf(context, file, { kind })).sha256 === sha256) continue;
    throw new Error(`${file} is not what ${manifest} says: remove that folder and make the release anew`);
  }
  const itself = await artifactOf(context, manifest, { kind: "signature" });
  return signRelease(context, [itself, ...artifacts], key);
}
