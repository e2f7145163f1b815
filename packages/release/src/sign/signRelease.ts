import { writeFileSync } from "node:fs";
import path from "node:path";
import { formatChecksums } from "@claude-orchestrator/update";
import type { Checksum } from "@claude-orchestrator/update";
import { artifactOf } from "../artifact.ts";
import type { Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { keyId } from "./keyPair.ts";
import type { SigningKey } from "./keyPair.ts";
import { minisignSignature, signifySignature } from "./signatures.ts";
import { keyVariable } from "./signingKey.ts";

/** What is signed beside the list, and where to. */
export type SignContext = Pick<ReleaseContext, "version" | "commit" | "sourceDateEpoch" | "output" | "say">;

const listName = "SHA256SUMS";

/**
 * Writes SHA256SUMS of these files into the output folder and signs it, for minisign (`.minisig`) and for signify and everything else that knows Ed25519
 * (`.sig`). Ed25519 has no randomness: the same files, key and time give the same signature.
 */
export async function signRelease(
  context: SignContext,
  checksums: readonly Checksum[],
  key: SigningKey,
): Promise<readonly Artifact[]> {
  const { version, commit, sourceDateEpoch, output, say } = context;
  const list = Buffer.from(formatChecksums(checksums));
  const warning = key.isTest ? "\tTEST KEY, NOT A RELEASE" : "";
  const comment = `timestamp:${sourceDateEpoch}\tfile:${listName}\tversion:${version}\tcommit:${commit}${warning}`;
  const written: Readonly<Record<string, Buffer | string>> = {
    [listName]: list,
    [`${listName}.minisig`]: minisignSignature(list, key, comment),
    [`${listName}.sig`]: signifySignature(list, key),
  };
  const made: Artifact[] = [];
  for (const [name, content] of Object.entries(written)) {
    const file = path.join(output, name);
    writeFileSync(file, content);
    made.push(await artifactOf(context, file, { kind: "signature" }));
  }
  say(
    key.isTest
      ? `signed with the test key: ${keyVariable} is not set, so this is no release`
      : `signed with key ${keyId(key)}`,
  );
  return made;
}
