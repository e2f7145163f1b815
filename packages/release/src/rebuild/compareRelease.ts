import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";

/** What became of each file that a release lists. */
export interface Comparison {
  /** Byte for byte. */
  readonly identical: readonly string[];
  readonly different: readonly string[];
  /** Not made here: another form, or a form that needs tools this machine has not. */
  readonly absent: readonly string[];
  /** What only the holder of a key can make, and is not the same here: it is verified, not made again. */
  readonly signatures: readonly string[];
}

const signatures = /\.(?:minisig|sig|asc|sigstore|sigstore\.json|intoto\.jsonl)$|^updates\/metadata\//;
const line = /^(?<sha256>[\da-f]{64}) [ *](?<name>.+)$/;

/**
 * Holds what was made here against the sums that were released.
 *
 * @param sums the text of SHA256SUMS, as `sha256sum` writes it
 * @param made the folder with what was made here
 * @throws UserError where the text is no such list, or names a file outside of the folder
 */
export function compareRelease(sums: string, made: string): Comparison {
  const entries = sums
    .split("\n")
    .map((text, index) => ({ text: text.trimEnd(), at: index + 1 }))
    .filter(({ text }) => text !== "")
    .map(({ text, at }) => readLine(text, at));
  if (entries.length === 0) throw new UserError("file-not-readable", "SHA256SUMS lists nothing", { hint });
  const found = entries.map(({ name, sha256 }) => ({ name, kind: kindOf(path.join(made, name), name, sha256) }));
  const named = (wanted: keyof Comparison) => found.flatMap(({ name, kind }) => (kind === wanted ? [name] : []));
  return {
    identical: named("identical"),
    different: named("different"),
    absent: named("absent"),
    signatures: named("signatures"),
  };
}

const hint = "give the SHA256SUMS that lies beside the release, as `sha256sum` writes it";

function readLine(text: string, at: number): { readonly name: string; readonly sha256: string } {
  const { name, sha256 } = line.exec(text)?.groups ?? {};
  if (name === undefined || sha256 === undefined) {
    throw new UserError("file-not-readable", `Line ${at} of SHA256SUMS is no sum and a name`, { hint });
  }
  if (path.isAbsolute(name) || name.split(/[/\\]/).includes("..")) {
    throw new UserError("file-not-readable", `Line ${at} of SHA256SUMS names \`${name}\`, outside of the release`, {
      hint,
    });
  }
  return { name, sha256 };
}

function kindOf(file: string, name: string, sha256: string): keyof Comparison {
  const isThere = existsSync(file);
  // What the test key has signed is made again by anybody.
  if (isThere && createHash("sha256").update(readFileSync(file)).digest("hex") === sha256) return "identical";
  if (signatures.test(name)) return "signatures";
  return isThere ? "different" : "absent";
}
