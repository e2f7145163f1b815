import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import { runTool } from "./runTool.ts";

/** What goes behind a launcher. */
export interface Pack {
  readonly table: Buffer;
  /** BLAKE3, in hex. */
  readonly tableDigest: string;
  /** Zstandard frames, one after the other. */
  readonly data: Buffer;
}

export interface PackedFile {
  /** With forward slashes. */
  readonly name: string;
  readonly source: string;
  readonly executable: boolean;
}

export interface PackTools {
  /** What `buildMakeTable` made. */
  readonly makeTable: string;
  /** For what is made on the way. */
  readonly folder: string;
  /** Frames by the hash of what is in them: the runtime changes seldom and takes a minute. */
  readonly cache: string;
  /** Of compression: 19 for what is published; a low one where a test waits. */
  readonly level: number;
}

const windowLog = 27;
const debian = "gcc libc6-dev";

/**
 * Packs a runtime and the program's files. The same files give the same bytes.
 *
 * @param runtime first: it is the one that is started
 */
export function makePack(runtime: PackedFile, files: readonly PackedFile[], tools: PackTools): Pack {
  const sorted = [runtime, ...files.toSorted((a, b) => (a.name < b.name ? -1 : 1))];
  const tableFile = path.join(tools.folder, "table");
  const lines = sorted.map(({ name, source, executable }) => `${name}\t${source}\t${executable ? 1 : 0}\n`);
  const tableDigest = runTool([tools.makeTable, tableFile], { cwd: tools.folder, input: lines.join(""), debian });
  const [first, ...others] = sorted.map(({ source }) => readFileSync(source));
  const frames = [compressed(first ?? Buffer.alloc(0), tools), compressed(Buffer.concat(others), tools)];
  return { table: readFileSync(tableFile), tableDigest: tableDigest.trim(), data: Buffer.concat(frames) };
}

/** Every file below a folder, by its name there. */
export function filesBelow(folder: string): readonly { readonly name: string; readonly source: string }[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const source = path.join(entry.parentPath, entry.name);
      return { name: path.relative(folder, source).split(path.sep).join("/"), source };
    });
}

/** What writes a pack's table has the launcher's own reader and hash, so that both sides agree by being the same code. */
export function buildMakeTable(launcherSource: string, folder: string): string {
  const tool = path.join(folder, "makeTable");
  const plain = ["SSE2", "SSE41", "AVX2", "AVX512"].map((name) => `-DBLAKE3_NO_${name}`);
  const hashing = ["blake3", "blake3_dispatch", "blake3_portable"].map((name) => `vendor/blake3/${name}.c`);
  const sources = ["makeTable.c", "pack.c", "digest.c", ...hashing];
  runTool(["cc", "-O2", ...plain, "-DBLAKE3_USE_NEON=0", ...sources, "-o", tool], { cwd: launcherSource, debian });
  return tool;
}

function compressed(bytes: Buffer, { cache, level }: PackTools): Buffer {
  const key = createHash("sha256").update(bytes).digest("hex");
  const kept = path.join(cache, `${key}-${level}.zst`);
  if (existsSync(kept)) return readFileSync(kept);
  const frame = zstdCompressSync(bytes, {
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_windowLog]: windowLog,
      [constants.ZSTD_c_enableLongDistanceMatching]: 1,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
  mkdirSync(cache, { recursive: true });
  writeFileSync(`${kept}.part-${process.pid}`, frame);
  renameSync(`${kept}.part-${process.pid}`, kept);
  return frame;
}
