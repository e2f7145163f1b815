import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { createHash } from "node:crypto";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import type { Artifact } from "../artifact.ts";
import type { StagedFile } from "../stagedFile.ts";
import { inOrder } from "../stagedFile.ts";
import { tarBlock, tarPadding } from "../tar/makeTarGz.ts";
import { paxHeader } from "../tar/paxHeader.ts";

/** What comes after the manifest and so is not in it. */
const signatures = ["SHA256SUMS", "SHA256SUMS.minisig", "SHA256SUMS.sig"];

/** The one file that is carried to machines without a network. */
export interface PackedRelease {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
  readonly files: number;
  /** False: there are no signatures in it, so nobody can tell whose it is. */
  readonly isSigned: boolean;
}

interface Manifest {
  readonly version: string;
  readonly source_date_epoch: number;
  readonly artifacts: readonly Artifact[];
}

/**
 * Packs the folder of a release, signatures included, into one plain tar: what is in it is packed already. Only what the manifest names
 * goes in, and only as the manifest says it is. The same release gives the same bytes.
 *
 * @throws UserError where the folder holds no release, or no longer the one its manifest speaks of
 */
export function packRelease(folder: string, destination: string): PackedRelease {
  const { version, source_date_epoch: at, artifacts } = readManifest(folder);
  const top = `claude-orchestrator-${version}`;
  const signed = signatures.filter((name) => existsSync(path.join(folder, name)));
  const plain = ["manifest.json", ...signed].map((name) => ({ path: name, bytes: Buffer.alloc(0) }));
  const named = artifacts.map((each) => ({ path: each.path, bytes: Buffer.alloc(0), isExecutable: isProgram(each) }));
  const hashes = new Map(artifacts.map(({ path: name, sha256 }) => [name, sha256]));
  mkdirSync(destination, { recursive: true });
  const file = path.join(destination, `${top}-airgap.tar`);
  using tar = createTar(`${file}.part`);
  for (const each of inOrder([...plain, ...named])) {
    const bytes = readChecked(folder, each.path, hashes.get(each.path));
    tar.add({ ...each, path: `${top}/${each.path}`, bytes }, at);
  }
  const { size, sha256 } = tar.end();
  renameSync(`${file}.part`, file);
  return { file, size, sha256, files: plain.length + named.length, isSigned: signed.length > 0 };
}

function readManifest(folder: string): Manifest {
  try {
    return JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8")) as Manifest;
  } catch (error) {
    throw new UserError("usage", `There is no release in ${folder}`, {
      hint: "`npm run release -- --dry-run` makes one",
      cause: error,
    });
  }
}

/** Others can be started too, by what opens them. */
function isProgram({ kind, path: name }: Artifact): boolean {
  return kind === "executable" || name.endsWith(".sh");
}

function readChecked(folder: string, name: string, sha256: string | undefined): Buffer {
  const file = path.join(folder, name);
  const bytes = existsSync(file) ? readFileSync(file) : undefined;
  if (bytes !== undefined && (sha256 === undefined || hashOf(bytes) === sha256)) return bytes;
  throw new UserError("usage", `${file} is ${bytes === undefined ? "not there" : "not what the manifest says"}`, {
    hint: "remove the folder and make the release anew",
  });
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

interface Tar extends Disposable {
  add(file: StagedFile, at: number): void;
  end(): { readonly size: number; readonly sha256: string };
}

/** One file of the release in memory at a time. What was not ended is removed. */
function createTar(file: string): Tar {
  const descriptor = openSync(file, "w", 0o644);
  const hash = createHash("sha256");
  let size = 0;
  let hasEnded = false;
  const append = (bytes: Buffer): void => {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    hash.update(bytes);
    size += bytes.length;
  };
  return {
    add(staged, at) {
      for (const part of [paxHeader(staged, at), staged.bytes, tarPadding(staged.bytes.length)]) append(part);
    },
    end() {
      append(Buffer.alloc(2 * tarBlock));
      hasEnded = true;
      return { size, sha256: hash.digest("hex") };
    },
    [Symbol.dispose]() {
      closeSync(descriptor);
      if (!hasEnded) rmSync(file, { force: true });
    },
  };
}
