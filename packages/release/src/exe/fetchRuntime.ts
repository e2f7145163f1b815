import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { runTool } from "./runTool.ts";
import type { Target } from "./targets.ts";

export interface Runtime {
  /** Node, as npm has it, without symbols where the target says so. */
  readonly file: string;
  readonly version: string;
  /** Of the package's archive, as the lockfile has it. */
  readonly integrity: string;
  /** The text of Node's licence and of all that is in it; undefined where the package leaves it out. */
  readonly licence: string | undefined;
}

/**
 * A target's Node: fetched by npm once, refused unless its archive has the hash that stands in package-lock.json.
 *
 * @param cache where it is kept; its archive is hashed again each time
 */
export function fetchRuntime(target: Target, root: string, cache: string): Runtime {
  const { version, integrity } = lockedPackage(target.runtimePackage, root);
  const archive = readArchive(target, version, integrity, cache);
  const key = `${createHash("sha256").update(archive).digest("hex").slice(0, 16)}${target.strip === undefined ? "" : "-stripped"}`;
  const folder = path.join(cache, `${target.platform}-${key}`);
  const file = path.join(folder, target.runtimeName);
  const licence = path.join(folder, "LICENSE");
  if (!existsSync(file)) unpackRuntime(target, archive, folder);
  return { file, version, integrity, licence: existsSync(licence) ? readFileSync(licence, "utf8") : undefined };
}

/** Puts the runtime and its licence into a folder, the runtime last and whole. */
function unpackRuntime(target: Target, archive: Buffer, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const files = untar(gunzipSync(archive), [target.runtimeFile, "LICENSE"]);
  const [runtime, licence] = [files.get(target.runtimeFile), files.get("LICENSE")];
  if (runtime === undefined) throw new Error(`${target.runtimePackage} has no ${target.runtimeFile}`);
  if (licence !== undefined) writeFileSync(path.join(folder, "LICENSE"), licence);
  const part = path.join(folder, `part-${process.pid}`);
  writeFileSync(part, runtime, { mode: 0o755 });
  if (target.strip !== undefined) {
    runTool([target.strip, "--strip-all", "--enable-deterministic-archives", part], {
      cwd: folder,
      debian: target.debian,
    });
  }
  renameSync(part, path.join(folder, target.runtimeName));
}

function lockedPackage(name: string, root: string): { readonly version: string; readonly integrity: string } {
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity?: string }>>;
  };
  const entry = lock.packages[`node_modules/${name}`];
  if (entry?.integrity === undefined) throw new Error(`package-lock.json has no hash for ${name}`);
  return { version: entry.version, integrity: entry.integrity };
}

function readArchive({ runtimePackage }: Target, version: string, integrity: string, cache: string): Buffer {
  const kept = path.join(cache, `${runtimePackage}-${version}.tgz`);
  if (existsSync(kept)) {
    const bytes = readFileSync(kept);
    if (hasIntegrity(bytes, integrity)) return bytes;
  }
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator runtime-"));
  try {
    const words = [
      "pack",
      `${runtimePackage}@${version}`,
      "--ignore-scripts",
      "--silent",
      "--pack-destination",
      folder,
    ];
    const name = runTool(["npm", ...words], { cwd: folder, debian: "npm" })
      .trim()
      .split("\n")
      .at(-1);
    const bytes = readFileSync(path.join(folder, name ?? ""));
    if (!hasIntegrity(bytes, integrity)) {
      throw new Error(`${runtimePackage} ${version} is not what package-lock.json says it is (${integrity})`);
    }
    const part = `${kept}.part-${process.pid}`;
    writeFileSync(part, bytes);
    renameSync(part, kept);
    return bytes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function hasIntegrity(bytes: Buffer, integrity: string): boolean {
  return `sha512-${createHash("sha512").update(bytes).digest("base64")}` === integrity;
}

const blockSize = 512;

/** The named files of an npm archive, whose names begin with `package/`. */
function untar(archive: Buffer, names: readonly string[]): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  const text = (start: number, end: number): string => archive.toString("utf8", start, end).replace(/\0.*$/s, "");
  for (let at = 0; at + blockSize <= archive.length && archive[at] !== 0;) {
    const size = Number.parseInt(text(at + 124, at + 136).trim(), 8);
    const name = text(at, at + 100).replace(/^[^/]*\//, "");
    if (names.includes(name)) found.set(name, archive.subarray(at + blockSize, at + blockSize + size));
    at += blockSize + Math.ceil(size / blockSize) * blockSize;
  }
  return found;
}
