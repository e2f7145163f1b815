import { crc32, deflateRawSync } from "node:zlib";
import type { StagedFile } from "../stagedFile.ts";
import { inOrder } from "../stagedFile.ts";

const [localMark, centralMark, endMark] = [0x04034b50, 0x02014b50, 0x06054b50];
/** 2.0: the oldest that has deflate. */
const needed = 20;
/** Made on Unix: the modes below are Unix's. */
const madeBy = (3 << 8) | needed;
const [stored, deflated] = [0, 8];
/** Names are UTF-8. */
const flags = 0x0800;
const regularFile = 0o100000;

interface Entry {
  readonly name: Buffer;
  readonly content: Buffer;
  /** What stands in front of the content and, once more, in the directory at the end. */
  readonly facts: Buffer;
  readonly mode: number;
}

/**
 * A `.zip` of plain files: sorted, all of one time, with Unix modes, so that the same files give the same bytes wherever they are packed.
 *
 * @param at seconds since 1970; a zip knows none before 1980, and two seconds are its smallest step
 */
export function makeZip(files: readonly StagedFile[], at: number): Buffer {
  const entries = inOrder(files).map((file) => entryOf(file, at));
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, facts, mode } of entries) {
    directory.push(centralHeader(facts, mode, offset), name);
    const local = Buffer.concat([uint32(localMark), facts, name, content]);
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(endMark, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

function entryOf({ path, bytes, isExecutable = false }: StagedFile, at: number): Entry {
  const smaller = deflateRawSync(bytes, { level: 9 });
  const isSmaller = smaller.length < bytes.length;
  const content = isSmaller ? smaller : bytes;
  const name = Buffer.from(path);
  const facts = Buffer.alloc(26);
  const { date, time } = dosTime(at);
  facts.writeUInt16LE(needed, 0);
  facts.writeUInt16LE(flags, 2);
  facts.writeUInt16LE(isSmaller ? deflated : stored, 4);
  facts.writeUInt16LE(time, 6);
  facts.writeUInt16LE(date, 8);
  facts.writeUInt32LE(crc32(bytes), 10);
  facts.writeUInt32LE(content.length, 14);
  facts.writeUInt32LE(bytes.length, 18);
  facts.writeUInt16LE(name.length, 22);
  return { name, content, facts, mode: regularFile | (isExecutable ? 0o755 : 0o644) };
}

function centralHeader(facts: Buffer, mode: number, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(centralMark, 0);
  header.writeUInt16LE(madeBy, 4);
  facts.copy(header, 6);
  header.writeUInt32LE((mode << 16) >>> 0, 38);
  header.writeUInt32LE(offset, 42);
  return header;
}

/** In Greenwich, whatever the zone of the machine. */
function dosTime(at: number): { readonly date: number; readonly time: number } {
  const then = new Date(Math.max(at * 1000, Date.UTC(1980, 0, 1)));
  const date = ((then.getUTCFullYear() - 1980) << 9) | ((then.getUTCMonth() + 1) << 5) | then.getUTCDate();
  const time = (then.getUTCHours() << 11) | (then.getUTCMinutes() << 5) | (then.getUTCSeconds() >> 1);
  return { date, time };
}

function uint32(value: number): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt32LE(value);
  return field;
}
