import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { UserError } from "@claude-orchestrator/domain";

/** SHA-256 in hex, by path with forward slashes. */
export type FolderHashes = ReadonlyMap<string, string>;

/** Of every file below a folder. @throws UserError usage, where it is none */
export async function hashesBelow(folder: string): Promise<FolderHashes> {
  if (!existsSync(folder)) throw new UserError("usage", `There is no folder ${folder}`);
  const hashes = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const file = path.join(entry.parentPath, entry.name);
    hashes.set(path.relative(folder, file).split(path.sep).join("/"), await hashOf(file));
  }
  return hashes;
}

/** What a folder's SHA256SUMS says was published. @throws UserError usage, where that is not there or says something else */
export function publishedHashes(folder: string): FolderHashes {
  const file = path.join(folder, "SHA256SUMS");
  if (!existsSync(file)) throw new UserError("usage", `There is no ${file}`);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return new Map(
    lines.map((line, index) => {
      const { hash = "", name = "" } = /^(?<hash>[0-9a-f]{64}) [ *](?<name>.+)$/.exec(line)?.groups ?? {};
      if (name === "") throw new UserError("usage", `${file}, line ${index + 1}, is no hash and a name`);
      return [name, hash];
    }),
  );
}

/** In words, by name; none where the same files have the same bytes. */
export function differences(first: FolderHashes, second: FolderHashes): readonly string[] {
  return [...new Set([...first.keys(), ...second.keys()])].toSorted().flatMap((name) => {
    const [one, other] = [first.get(name), second.get(name)];
    if (one === other) return [];
    if (one === undefined) return [`${name} is only in the second`];
    if (other === undefined) return [`${name} is only in the first`];
    return [`${name} differs: ${one} and ${other}`];
  });
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
