import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { UserError } from "@claude-orchestrator/domain";
import { signingKeyOf } from "./keyPair.ts";
import type { SigningKey } from "./keyPair.ts";
import { KeyFileProblem, readSecretKey } from "./secretKeyFile.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export const keyVariable = "RELEASE_SIGNING_KEY";
export const passwordVariable = "RELEASE_SIGNING_PASSWORD";

/**
 * The key releases are signed with: what RELEASE_SIGNING_KEY holds, or the file it names; RELEASE_SIGNING_PASSWORD unlocks it. Without
 * it, the test key.
 *
 * @throws UserError usage; nothing of the key is said
 */
export async function signingKey(env: Environment): Promise<SigningKey> {
  const given = env[keyVariable] ?? "";
  if (given === "") return testSigningKey();
  try {
    return await readSecretKey(isKeyItself(given) ? given : readFileSync(given, "utf8"), env[passwordVariable]);
  } catch (error) {
    // What `readFileSync` says names the file, which would be the key where somebody has broken it.
    const why =
      error instanceof KeyFileProblem ? error.message : "it is neither a secret key nor a file that can be read";
    throw new UserError("usage", `${keyVariable} cannot be used: ${why}`, {
      hint: `set it to what \`node scripts/releaseKeys.ts\` or \`minisign -G\` wrote, or to that file, and ${passwordVariable} to its password`,
    });
  }
}

/** Everybody can make it, so that everybody can try a release out: what it signs is no release to anybody. */
export function testSigningKey(): SigningKey {
  const seed = createHash("sha256").update("claude-orchestrator: a test key, which signs no release").digest();
  const { publicLine } = signingKeyOf(Buffer.alloc(8), seed, true);
  const number = createHash("sha256").update(Buffer.from(publicLine, "base64").subarray(10)).digest().subarray(0, 8);
  return signingKeyOf(number, seed, true);
}

function isKeyItself(text: string): boolean {
  return text.startsWith("untrusted comment:") || /^RW[A-Za-z0-9+/=]{100,}\s*$/.test(text);
}
