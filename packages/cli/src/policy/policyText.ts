import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from "node:fs";
import type { Stats } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "@claude-orchestrator/domain";

/** No flag and no variable names another one: whoever could set it could leave the policy. */
export const policyFile = "/etc/claude-orchestrator/policy.yaml";

export interface PolicyPlace {
  readonly path: string;
  /** The user it must belong to, and the folder it is in. */
  readonly owner: number;
}

const root: PolicyPlace = { path: policyFile, owner: 0 };

/**
 * The bytes of the policy, or undefined where there is none. Looked at and read by one descriptor, so that what was looked at
 * is what is read.
 *
 * @throws UserError policy-not-usable where it cannot be read, or somebody else than an administrator could have written it
 */
export function policyBytes({ path, owner }: PolicyPlace = root): Buffer | undefined {
  const descriptor = openPolicy(path);
  if (descriptor === undefined) return undefined;
  try {
    const entry = fstatSync(descriptor);
    if (!entry.isFile()) throw unusable(path, "it is no file");
    refuseWritable(path, path, { entry, owner });
    refuseWritable(path, dirname(path), { entry: lstatSync(dirname(path)), owner });
    return readFileSync(descriptor);
  } catch (error) {
    throw error instanceof UserError ? error : unusable(path, error);
  } finally {
    closeSync(descriptor);
  }
}

function openPolicy(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return undefined;
    throw unusable(path, code === "ELOOP" ? "it is a symbolic link" : error);
  }
}

/** Where others may write, the file is no administrator's word. */
function refuseWritable(
  policy: string,
  path: string,
  { entry, owner }: { readonly entry: Stats; readonly owner: number },
): void {
  const it = path === policy ? "it" : `its folder ${path}`;
  if (entry.uid !== owner) throw unusable(policy, `${it} does not belong to root`);
  if ((entry.mode & 0o022) !== 0) throw unusable(policy, `${it} can be written by others than its owner`);
}

function unusable(path: string, why: unknown): UserError {
  const words = why instanceof Error ? why.message : String(why);
  return new UserError("policy-not-usable", `The policy of this machine, ${path}, cannot be used: ${words}`, {
    hint: `ask whoever administers this machine (\`chown root\` and \`chmod 644\` it); nothing is done without it`,
    cause: why,
  });
}
