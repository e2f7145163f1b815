import { lstatSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { formatBytes, UserError } from "@claude-orchestrator/domain";
import { findRun, openRunLog } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { programVersion } from "../program/version.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { line } from "../views/text/line.ts";
import { collectSources, measure } from "./exportSources.ts";
import type { Source } from "./exportSources.ts";
import { gatewayKeysOf } from "./gatewayKeysOf.ts";
import { makeManifest, manifestName } from "./manifest.ts";
import type { Manifest, Member } from "./manifest.ts";
import { createMasker } from "./masker.ts";
import type { Masker } from "./masker.ts";
import { encodeTarHeader, tarBlock, tarPadding } from "./tarHeader.ts";

export interface ExportFlags {
  readonly output: string | undefined;
  readonly json: boolean;
  readonly "runs-dir": string | undefined;
}

/** `runs export`: one file with all of a run but its secrets, the same bytes each time. Gives the exit code. */
export async function exportRun([text = ""]: readonly string[], flags: ExportFlags, io: Io): Promise<number> {
  const { id, directory } = findRun(oldRunsFolder(io, flags["runs-dir"]), text);
  const output = resolve(io.cwd, flags.output ?? `${id}.tar.gz`);
  const log = openRunLog(directory);
  try {
    const first = [...log.events(1, 1)][0];
    if (first?.type !== "run-created") throw new UserError("log-not-usable", `The log of ${id} tells nothing yet`);
    const { sources, leftOut, events } = collectSources(directory, log);
    const { keys, unknown } = await gatewayKeysOf(log, io);
    const masker = createMasker(io.env, keys);
    const members: Member[] = [];
    for (const source of sources) members.push(await measure(source, masker));
    const damage = log.damage().map(({ what }) => masker.mask(what));
    const manifest = makeManifest({
      run: id,
      program_version: log.meta.programVersion,
      exported_by: programVersion(),
      events,
      damage,
      masked: sorted(masker.counts),
      left_out: leftOut,
      members,
    });
    await write(output, archive(manifest, sources, { at: first.at, masker: createMasker(io.env, keys) }));
    tell(manifest, { output, unknown }, flags, io);
    return 0;
  } finally {
    log.close();
  }
}

/** @throws UserError file-not-readable where a file has changed since it was measured */
async function* archive(
  manifest: Manifest,
  sources: readonly Source[],
  { at, masker }: { readonly at: number; readonly masker: Masker },
): AsyncIterable<Buffer> {
  const head = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
  yield encodeTarHeader({ name: `${manifest.run}/${manifestName}`, bytes: head.length }, at);
  yield head;
  yield Buffer.alloc(tarPadding(head.length));
  for (const [index, { path, read }] of sources.entries()) {
    const bytes = manifest.members[index]?.bytes ?? 0;
    yield encodeTarHeader({ name: `${manifest.run}/${path}`, bytes }, at);
    let written = 0;
    for await (const chunk of read(masker)) {
      written += chunk.length;
      yield chunk;
    }
    if (written !== bytes) {
      throw new UserError("file-not-readable", `${path} of ${manifest.run} has changed while it was exported`, {
        hint: "export it again",
      });
    }
    yield Buffer.alloc(tarPadding(bytes));
  }
  yield Buffer.alloc(tarBlock * 2);
}

/** All of it or nothing. @throws UserError usage where the file is there already; file-not-readable where it cannot be written */
async function write(output: string, content: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(output, "wx", 0o600).catch((error: unknown) => {
    throw notWritten(output, error);
  });
  try {
    await pipeline(content, createGzip(), (packed: AsyncIterable<Buffer>) => file.writeFile(packed));
    await file.close();
  } catch (error) {
    await file.close();
    rmSync(output, { force: true });
    throw error instanceof UserError ? error : notWritten(output, error);
  }
}

/** What is no error of the file system is a bug of ours, and stays one. */
function notWritten(output: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  const code = "code" in error ? error.code : undefined;
  const reason = { hint: "name another file with `--output`", cause: error };
  if (code === "EEXIST") return new UserError("usage", `${output} is already there`, reason);
  const why = code === "ENOENT" ? `there is no folder ${dirname(output)}` : error.message;
  return new UserError("file-not-readable", `Cannot write ${output}: ${why}`, reason);
}

function howOften(times: number): string {
  return times === 1 ? "once" : times === 2 ? "twice" : `${times} times`;
}

function sorted(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function tell(
  manifest: Manifest,
  { output, unknown }: { readonly output: string; readonly unknown: readonly string[] },
  flags: ExportFlags,
  io: Io,
): void {
  const bytes = lstatSync(output).size;
  if (flags.json) {
    io.out.json({ file: output, bytes, ...manifest });
    return;
  }
  io.out.write(`${output}\n`);
  const masks = Object.entries(manifest.masked).map(([mask, times]) => `${mask} ${howOften(times)}`);
  const lines = [
    `${manifest.run}: ${manifest.events} events and ${manifest.members.length - 1} files in ${formatBytes(bytes)}`,
    masks.length === 0 ? "No secret was found in it" : `Masked: ${masks.join(", ")}`,
    ...unknown.map((which) => `Not looked for, since it is not to be had here: ${which}`),
    ...manifest.damage.map((what) => `The log is damaged: ${what}`),
    ...(manifest.left_out.length === 0 ? [] : [`Left out: ${manifest.left_out.join(", ")}`]),
    "All else that agents said and wrote is in it as it was: look at it before you give it away",
  ];
  io.talk.lines(lines.map((each) => line(each, "quiet")));
}
