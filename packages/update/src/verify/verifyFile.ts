import { lstat } from "node:fs/promises";
import path from "node:path";
import type { Believed } from "./believe.ts";
import { contentOf } from "./readFiles.ts";
import { verificationOf } from "./verification.ts";
import type { Verification } from "./verification.ts";
import { listName, signedList, standingOf, strangerOf } from "./verifyFolder.ts";
import { verifySigned } from "./verifySigned.ts";

/** One file, by a signature of its own (`FILE.minisig`, `FILE.sig`), else by the signed SHA256SUMS in its folder. */
export async function verifyFile(file: string, believed: Believed): Promise<Verification> {
  const name = path.basename(file);
  for (const ending of [".minisig", ".sig"]) {
    const signatureFile = `${file}${ending}`;
    if (!(await isThere(signatureFile))) continue;
    const { finding, signer } = await verifySigned({ name, signatureFile, content: contentOf(file) }, believed);
    return verificationOf([finding], signer);
  }
  return byList(file, name, believed);
}

async function byList(file: string, name: string, believed: Believed): Promise<Verification> {
  const folder = path.dirname(file);
  const files = new Map<string, boolean>();
  for (const each of [name, listName, `${listName}.minisig`, `${listName}.sig`]) {
    const found = await lstat(path.join(folder, each)).catch(() => undefined);
    if (found !== undefined) files.set(each, found.isFile());
  }
  if (!files.has(listName)) {
    const why = `there is neither a ${name}.minisig nor a ${listName} beside it: nobody says whose it is`;
    return verificationOf([{ path: name, standing: "foreign", why }]);
  }
  const list = await signedList(folder, believed, files);
  if ("findings" in list) return list;
  const entry = list.checksums.find((each) => each.path === name);
  if (entry !== undefined) return verificationOf([await standingOf(folder, entry, files)], list.signer);
  return verificationOf([await strangerOf(folder, name, list.checksums)], list.signer);
}

async function isThere(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined;
}
