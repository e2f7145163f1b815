import path from "node:path";
import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonValue } from "@claude-orchestrator/domain";
import type { Checksum } from "../checksums/checksums.ts";
import type { Inspected, SignedFolder } from "./inspections.ts";
import { readSmall } from "./readFiles.ts";
import type { Finding } from "./verification.ts";

const manifestName = "manifest.json";
const largest = 4 * 1024 * 1024;

/** The manifest says of every artifact what the signed list says of it. */
export async function inspectManifest({ folder, checksums }: SignedFolder): Promise<Inspected> {
  return { findings: await findingsOf(folder, checksums), notes: [] };
}

async function findingsOf(folder: string, checksums: readonly Checksum[]): Promise<readonly Finding[]> {
  if (!checksums.some((each) => each.path === manifestName)) return [];
  const wrong = (why: string): Finding => ({ path: manifestName, standing: "wrong", why });
  const artifacts = artifactsOf(await readSmall(path.join(folder, manifestName), largest));
  if (artifacts === undefined) return [wrong("it is no manifest of a release")];
  const signed = new Map(checksums.map((each) => [each.path, each.sha256]));
  return artifacts
    .filter((each) => signed.get(each.path) !== each.sha256)
    .map((each) => wrong(`it names ${each.path} with another content than SHA256SUMS, or one that is not in there`));
}

function artifactsOf(
  bytes: Buffer | undefined,
): readonly { readonly path: string; readonly sha256: string }[] | undefined {
  const value = bytes === undefined ? undefined : parsed(bytes.toString("utf8"));
  const artifacts = isJsonObject(value) ? value["artifacts"] : undefined;
  if (!Array.isArray(artifacts)) return undefined;
  const read = artifacts.map((each: JsonValue) => {
    if (!isJsonObject(each)) return undefined;
    const { path: name, sha256 } = each;
    return typeof name === "string" && typeof sha256 === "string" ? { path: name, sha256 } : undefined;
  });
  return read.every((each) => each !== undefined) ? read : undefined;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
