/** The sums of a release that is to be made again. */
import { existsSync, readFileSync } from "node:fs";
import { UserError } from "@claude-orchestrator/domain";

/**
 * Read before minutes are spent on a build that could only differ.
 *
 * @param head the commit that would be built
 * @throws UserError where the file cannot be read, lists nothing, or its signature's comment names another commit
 */
export function readReleasedSums(file: string, head: string): string {
  const hint = "npm run release:rebuild -- SHA256SUMS, with the file that lies beside the release";
  let sums: string;
  try {
    sums = readFileSync(file, "utf8");
  } catch (cause) {
    throw new UserError("file-not-readable", `${file} cannot be read`, { hint, cause });
  }
  if (!/^[0-9a-f]{64} [ *]\S/m.test(sums))
    throw new UserError("usage", `${file} lists no file with its SHA-256`, { hint });
  const commit = signedCommit(`${file}.minisig`);
  if (commit !== undefined && commit !== head) {
    throw new UserError("usage", `${file} is of commit ${commit}, and here is ${head}`, {
      hint: `git checkout ${commit} && npm ci`,
    });
  }
  return sums;
}

/** Not verified: whoever wrote a wrong one has only made it differ. */
function signedCommit(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  return /^trusted comment: .*\bcommit:([0-9a-f]{40})\b/m.exec(readFileSync(file, "utf8"))?.[1];
}
