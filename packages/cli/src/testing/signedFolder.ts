import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { signFolder } from "@claude-orchestrator/release";
import type { TestFolder } from "./folder.ts";

export const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

/** A release of these files and this repository of updates, signed with the test key by what signs releases. */
export async function makeSignedFolder(files: Readonly<Record<string, string>>, updates: string): Promise<TestFolder> {
  const path = mkdtempSync(join(tmpdir(), "claude orchestrator signed "));
  cpSync(updates, join(path, "updates"), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  await signAgain(path);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Signs whatever lies there now. */
export async function signAgain(folder: string): Promise<void> {
  for (const name of ["SHA256SUMS", "SHA256SUMS.minisig", "SHA256SUMS.sig", "manifest.json"]) {
    rmSync(join(folder, name), { force: true });
  }
  const artifacts = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name))
    .map((file) => ({ path: relative(folder, file).split(sep).join("/"), sha256: sha256(readFileSync(file)) }));
  const manifest = { version: "7.1.0", commit: "c", source_date_epoch: 1_700_000_000, artifacts };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  // Whether it would be believed is what a test asks.
  await signFolder(folder, { env: {}, say: () => undefined, allowTestKey: true }).catch(() => undefined);
}
