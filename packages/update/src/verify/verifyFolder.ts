import path from "node:path";
import { longestList, parseChecksums } from "../checksums/checksums.ts";
import type { Checksum } from "../checksums/checksums.ts";
import { isBundleName } from "../attestation/parseBundles.ts";
import type { Believed } from "./believe.ts";
import { inspectBundle } from "./inspectBundle.ts";
import { inspections } from "./inspections.ts";
import { filesBelow, readSmall, sha256Of } from "./readFiles.ts";
import { verificationOf } from "./verification.ts";
import type { Finding, Note, Signer, Verification } from "./verification.ts";
import { verifySigned } from "./verifySigned.ts";
import type { Signed } from "./verifySigned.ts";

export const listName = "SHA256SUMS";
/** minisign's has to be there. */
const needed = `${listName}.minisig`;
/** signify's, for those who have that. */
const optional = [`${listName}.sig`];

/**
 * Everything in a folder of a release: the list of checksums is signed by a key that is believed, every file it names is there and is
 * what it says, and there is no other but attestations that say the same. Where the list is not signed, nothing else is looked at: it
 * would prove nothing.
 *
 * @param now milliseconds since 1970
 */
export async function verifyFolder(folder: string, believed: Believed, now = Date.now()): Promise<Verification> {
  const files = await filesBelow(folder);
  const list = await signedList(folder, believed, files);
  if ("findings" in list) return list;
  const findings: Finding[] = [{ path: listName, standing: "right" }];
  for (const entry of list.checksums) findings.push(await standingOf(folder, entry, files));
  const named = new Set([listName, needed, ...optional, ...list.checksums.map((each) => each.path)]);
  for (const name of [...files.keys()].filter((each) => !named.has(each)).toSorted()) {
    findings.push(await strangerOf(folder, name, list.checksums));
  }
  if (findings.some(({ standing }) => standing === "wrong" || standing === "missing")) {
    return verificationOf(findings, list.signer);
  }
  const notes: Note[] = [];
  for (const inspect of inspections) {
    const inspected = await inspect({ folder, ...list, believed, now });
    findings.push(...inspected.findings);
    notes.push(...inspected.notes);
  }
  return verificationOf(findings, list.signer, notes);
}

/** What stands in no signed list: only an attestation is looked at. */
export async function strangerOf(folder: string, name: string, checksums: readonly Checksum[]): Promise<Finding> {
  if (isBundleName(name)) return inspectBundle(folder, name, checksums);
  return { path: name, standing: "foreign", why: `it is not in ${listName}: nobody has signed it` };
}

interface SignedList {
  readonly checksums: readonly Checksum[];
  readonly signer: Signer;
}

/** The list where a key that counts has signed it, else what is wrong with it. */
export async function signedList(
  folder: string,
  believed: Believed,
  files: ReadonlyMap<string, boolean>,
): Promise<SignedList | Verification> {
  for (const name of [listName, needed]) {
    if (files.has(name)) continue;
    const why = files.has("metadata/timestamp.json")
      ? "this is a folder of updates: `claude-orchestrator update --check --from FOLDER` says whether it is believed"
      : "without it nothing says whose files these are";
    return verificationOf([{ path: name, standing: "missing", why }]);
  }
  // Read once: what is signed and what is gone by are the same bytes, whoever else writes into the folder.
  const bytes = await readSmall(path.join(folder, listName), longestList);
  if (bytes === undefined) return wrongList(`it is no plain file, or larger than ${longestList} bytes`);
  const { finding, signer } = await verifySigned(signatureOf(folder, needed, bytes), believed);
  if (signer === undefined) return verificationOf([{ ...finding, path: needed }]);
  for (const name of optional.filter((each) => files.has(each))) {
    const other = await verifySigned(signatureOf(folder, name, bytes), sameKey(believed, signer));
    if (other.signer === undefined) return verificationOf([{ ...other.finding, path: name }]);
  }
  const checksums = parseChecksums(bytes);
  if ("problem" in checksums) return wrongList(checksums.problem);
  return { checksums, signer };
}

function signatureOf(folder: string, name: string, list: Uint8Array): Signed {
  return { name: listName, signatureFile: path.join(folder, name), content: once(list) };
}

/** signify's form has no day in it: that is told by the signature that has to be there, and the same key made both. */
function sameKey({ keys, allowTestKey }: Believed, { keyId }: Signer): Believed {
  const same = keys.filter(({ id }) => id === keyId).map(({ id, key, isTest }) => ({ id, key, isTest }));
  return { keys: same, allowTestKey };
}

function wrongList(why: string): Verification {
  return verificationOf([{ path: listName, standing: "wrong", why }]);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Only what was found by walking the folder is opened: no path of the list leads anywhere. */
export async function standingOf(
  folder: string,
  { path: name, sha256 }: Checksum,
  files: ReadonlyMap<string, boolean>,
): Promise<Finding> {
  const isPlain = files.get(name);
  if (isPlain === undefined) return { path: name, standing: "missing", why: `${listName} names it` };
  if (!isPlain) return { path: name, standing: "wrong", why: "it is a link or a device, and no plain file" };
  const found = await sha256Of(path.join(folder, name));
  return found === sha256
    ? { path: name, standing: "right" }
    : { path: name, standing: "wrong", why: `its SHA-256 is ${found}, not ${sha256}` };
}
