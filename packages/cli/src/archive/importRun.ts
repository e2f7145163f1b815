import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join, resolve } from "node:path";
import { formatBytes, parseBytes, UserError } from "@claude-orchestrator/domain";
import { importingPrefix } from "../history/removeRun.ts";
import type { Io } from "../io/channel.ts";
import { makeRunsFolder } from "../run/runsFolder.ts";
import { line } from "../views/text/line.ts";
import { ArchiveReader } from "./archiveReader.ts";
import { importedName } from "./importedName.ts";
import { importLog } from "./importLog.ts";
import { eventsName, manifestName, readManifest } from "./manifest.ts";
import type { Manifest, Member } from "./manifest.ts";

export interface ImportFlags {
  readonly "max-size": string | undefined;
  readonly json: boolean;
  readonly "runs-dir": string | undefined;
}

const largestManifest = 64 * 1024 * 1024;

const defaultMaxSize = "20GB";

/**
 * `runs import`: puts an exported run among the runs of a folder. The file may come from anybody.
 *
 * 1. Nothing is written outside a new folder of our own beside the runs, under no name that the archive chose freely.
 * 2. The run appears whole, with every checksum right, or not at all; a run that is there is never touched.
 * 3. What the file says of sizes is checked before anything is written, and nothing larger than it said is.
 */
export async function importRun([file = ""]: readonly string[], flags: ImportFlags, io: Io): Promise<number> {
  const path = resolve(io.cwd, file);
  const maxBytes = readMaxSize(flags["max-size"] ?? defaultMaxSize);
  const reader = ArchiveReader.open(path);
  try {
    const manifest = await readFirst(reader, path);
    refuseTooLarge(manifest, maxBytes, path);
    const runsFolder = makeRunsFolder(io, flags["runs-dir"]);
    const directory = join(runsFolder, manifest.run);
    refuseExisting(directory);
    const aside = join(runsFolder, `${importingPrefix}${manifest.run}-${randomUUID()}`);
    try {
      mkdirSync(join(aside, "attempts"), { recursive: true, mode: 0o700 });
      await unpack(reader, manifest, aside);
      await importLog(join(aside, eventsName), manifest, (why) => reader.refusal(why));
      writeFileSync(join(aside, importedName), `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: 0o600 });
      refuseExisting(directory);
      renameSync(aside, directory);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
    tell(manifest, directory, flags, io);
    return 0;
  } finally {
    await reader.close();
  }
}

function readMaxSize(text: string): number {
  const bytes = parseBytes(text);
  if (bytes !== undefined) return bytes;
  throw new UserError("usage", `\`--max-size\` needs an amount of disk, not \`${text}\``, {
    hint: "such as 500MB, 10GB or 1.5GiB",
  });
}

async function readFirst(reader: ArchiveReader, path: string): Promise<Manifest> {
  const entry = await reader.next();
  if (entry === undefined || !entry.name.endsWith(`/${manifestName}`) || entry.bytes > largestManifest) {
    throw reader.refusal("it does not begin with a list of its contents");
  }
  const pieces: Buffer[] = [];
  for await (const piece of reader.bytesOf(entry)) pieces.push(piece);
  const manifest = readManifest(Buffer.concat(pieces).toString("utf8"), path);
  if (entry.name !== `${manifest.run}/${manifestName}`) throw reader.refusal("it is named after another run");
  return manifest;
}

function refuseTooLarge({ members }: Manifest, maxBytes: number, path: string): void {
  const bytes = members.reduce((sum, member) => sum + member.bytes, 0);
  if (bytes <= maxBytes) return;
  throw new UserError("file-not-readable", `${path} holds ${formatBytes(bytes)}, more than ${formatBytes(maxBytes)}`, {
    hint: "allow it with `--max-size`",
  });
}

function refuseExisting(directory: string): void {
  if (!existsSync(directory)) return;
  throw new UserError("usage", `${directory} is already there`, {
    hint: "give another folder with `--runs-dir`: a run is never written over",
  });
}

/** Every member the manifest names, in its order, and no other. */
async function unpack(reader: ArchiveReader, manifest: Manifest, aside: string): Promise<void> {
  for (const member of manifest.members) await unpackOne(reader, `${manifest.run}/${member.path}`, member, aside);
  const more = await reader.next();
  if (more !== undefined) throw reader.refusal(`it holds \`${more.name}\`, which its list of contents does not name`);
  await reader.expectEnd();
}

async function unpackOne(reader: ArchiveReader, name: string, member: Member, aside: string): Promise<void> {
  const entry = await reader.next();
  if (entry?.name !== name || entry.bytes !== member.bytes) {
    throw reader.refusal(`\`${member.path}\` is not where or not as large as its list of contents says`);
  }
  const hash = createHash("sha256");
  const watched = async function* (): AsyncIterable<Buffer> {
    for await (const piece of reader.bytesOf(entry)) {
      hash.update(piece);
      yield piece;
    }
  };
  // Closed before anybody removes the folder around it, whatever came of it.
  const file = await open(join(aside, member.path), "wx", 0o600);
  try {
    await file.writeFile(watched());
  } finally {
    await file.close();
  }
  if (hash.digest("hex") !== member.sha256) throw reader.refusal(`the checksum of \`${member.path}\` does not fit`);
}

function tell(manifest: Manifest, directory: string, flags: ImportFlags, io: Io): void {
  if (flags.json) {
    io.out.json({ run: manifest.run, directory, events: manifest.events, masked: manifest.masked });
    return;
  }
  io.out.write(`${manifest.run}\n`);
  const lines = [
    `${manifest.events} events and ${manifest.members.length - 1} files, all checksums fit: ${directory}`,
    ...manifest.damage.map((what) => `Its log was damaged where it came from: ${what}`),
    ...(Object.keys(manifest.masked).length === 0 ? [] : ["Secrets in it were masked where it came from"]),
  ];
  io.talk.lines(lines.map((each) => line(each, "quiet")));
}
