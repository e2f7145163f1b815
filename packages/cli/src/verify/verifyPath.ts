import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import { verifyFile, verifyFolder } from "@claude-orchestrator/update";
import type { Verification } from "@claude-orchestrator/update";
import type { Io } from "../io/channel.ts";
import { namedRoot } from "../update/updateSettings.ts";
import { readKeys } from "./readKeys.ts";
import { unreadable } from "./unreadable.ts";
import type { NamedPath } from "./unreadable.ts";
import { verificationLines } from "./verificationLines.ts";

export interface VerifyFlags {
  readonly key: readonly string[];
  readonly "allow-test-key": boolean;
  readonly json: boolean;
}

/** `verify`: 0 where everything is right, 1 where anything is not. @throws UserError usage, file-not-readable */
export async function verifyPath([word = ""]: readonly string[], flags: VerifyFlags, io: Io): Promise<number> {
  const keys = await readKeys(flags.key, io.cwd);
  const believed = { keys, allowTestKey: flags["allow-test-key"], updateRoot: await namedRoot(io) };
  const named = { word, path: resolve(io.cwd, word) };
  const verification = await readable(named, async () => {
    // The person's own link is followed; none of what it leads to is.
    const path = await realpath(named.path);
    const found = await stat(path);
    if (found.isDirectory()) return verifyFolder(path, believed);
    if (found.isFile()) return verifyFile(path, believed);
    throw new Error("it is neither a file nor a folder");
  });
  if (flags.json) io.out.json(verificationJson(verification));
  else io.out.lines(verificationLines(word, verification));
  return verification.isVerified ? 0 : 1;
}

async function readable(named: NamedPath, verify: () => Promise<Verification>): Promise<Verification> {
  try {
    return await verify();
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(named, error);
  }
}

function verificationJson({ isVerified, signer, findings, notes }: Verification): object {
  return {
    verified: isVerified,
    ...(signer === undefined
      ? {}
      : { signer: { key: signer.keyId, test_key: signer.isTest, comment: signer.comment } }),
    files: findings,
    ...(notes.length === 0 ? {} : { notes: notes.map(({ isWarning, text }) => ({ warning: isWarning, text })) }),
  };
}
