import path from "node:path";
import type { Checksum } from "../checksums/checksums.ts";
import { longestBundle, parseBundles } from "../attestation/parseBundles.ts";
import type { Bundle, Subject } from "../attestation/parseBundles.ts";
import { readSmall } from "./readFiles.ts";
import type { Finding } from "./verification.ts";

/**
 * An attestation that was laid beside a release after that was signed. What it says of files has to be what the signed list says of
 * them; whose word it is, nobody can tell here.
 */
export async function inspectBundle(folder: string, name: string, checksums: readonly Checksum[]): Promise<Finding> {
  const wrong = (why: string): Finding => ({ path: name, standing: "wrong", why });
  const bytes = await readSmall(path.join(folder, name), longestBundle);
  if (bytes === undefined) return wrong(`it is no plain file, or larger than ${longestBundle} bytes`);
  const bundles = parseBundles(bytes);
  if ("problem" in bundles) return wrong(`it is named as an attestation and ${bundles.problem}`);
  const subjects = bundles.flatMap((bundle) => subjectsOf(bundle, name));
  for (const subject of subjects) {
    const problem = subjectProblem(subject, checksums);
    if (problem !== undefined) return wrong(problem);
  }
  return { path: name, standing: "unproved", why: unprovedWords(bundles, subjects, name) };
}

/** The signature of a file lies beside it, under its name. */
function subjectsOf({ of, subjects }: Bundle, name: string): readonly Subject[] {
  if (of === "statement") return subjects;
  return subjects.map(({ sha256 }) => ({ name: name.replace(/\.sigstore\.json$/, ""), sha256 }));
}

/** It may name a file by its path or without its folder; of a name that is not here, the content has to be. */
function subjectProblem({ name, sha256 }: Subject, checksums: readonly Checksum[]): string | undefined {
  const exact = checksums.filter((each) => each.path === name);
  const named = exact.length > 0 ? exact : checksums.filter((each) => path.posix.basename(each.path) === name);
  const among = named.length > 0 ? named : checksums;
  if (among.some((each) => each.sha256 === sha256)) return undefined;
  const [other] = named;
  return other === undefined
    ? `it speaks of ${name}, which is not here`
    : `it says that the SHA-256 of ${name} is ${sha256}, and the signed list says ${other.sha256}`;
}

function unprovedWords(bundles: readonly Bundle[], subjects: readonly Subject[], name: string): string {
  const count = new Set(subjects.map(({ sha256 }) => sha256)).size;
  const files = count === 1 ? "1 file here has" : `${count} files here have`;
  const command = bundles.every(({ of }) => of === "file")
    ? `cosign verify-blob FILE --bundle ${name} --certificate-identity WHO --certificate-oidc-issuer ISSUER`
    : `gh attestation verify FILE --bundle ${name} --repo OWNER/NAME`;
  return `an attestation, and ${files} the SHA-256 it names; by whom it is signed cannot be told offline without sigstore's root of trust: \`${command}\``;
}
