import { createHash } from "node:crypto";

/** A Mach-O file of 64 bits, little-endian: what its load commands say of its last segment and its signature. */
interface Layout {
  /** Where the command of the segment `__LINKEDIT` stands. */
  readonly linkEdit: number;
  /** Where the command of the signature stands. */
  readonly signature: number;
  readonly text: { readonly offset: number; readonly size: number };
}

const magic64 = 0xfeedfacf;
const headerSize = 32;
const segmentCommand = 0x19;
const signatureCommand = 0x1d;

/** A launcher up to its signature: what is packed goes behind it, before the signature of all. */
export function endOfContent(launcher: Buffer): Buffer {
  const { signature } = layoutOf(launcher);
  return Buffer.from(launcher.subarray(0, launcher.readUInt32LE(signature + 8)));
}

/**
 * Lets the last segment reach to the file's end and signs the whole ad hoc: Apple silicon starts nothing that is not signed, and an
 * ad-hoc signature needs no key. `codesign` replaces it where there is one.
 */
export function signedMachO(content: Buffer, identifier: string): Buffer {
  const start = Math.ceil(content.length / 16) * 16;
  const signed = Buffer.alloc(start);
  content.copy(signed);
  const { linkEdit, signature, text } = layoutOf(signed);
  const pages = Math.ceil(start / pageSize);
  const size = signatureSize(pages, identifier);
  const linkEditStart = Number(signed.readBigUInt64LE(linkEdit + 40));
  const linkEditSize = start + size - linkEditStart;
  signed.writeBigUInt64LE(BigInt(Math.ceil(linkEditSize / largestPage) * largestPage), linkEdit + 32);
  signed.writeBigUInt64LE(BigInt(linkEditSize), linkEdit + 48);
  signed.writeUInt32LE(start, signature + 8);
  signed.writeUInt32LE(size, signature + 12);
  return Buffer.concat([signed, adHocSignature(signed, identifier, text)]);
}

/** @throws Error where the file is not one of ours */
function layoutOf(file: Buffer): Layout {
  if (file.length < headerSize || file.readUInt32LE(0) !== magic64)
    throw new Error("this is no Mach-O file of 64 bits");
  let linkEdit: number | undefined, signature: number | undefined, text: Layout["text"] | undefined;
  for (let at = headerSize, left = file.readUInt32LE(16); left > 0; left--) {
    const command = file.readUInt32LE(at);
    const name = file.toString("latin1", at + 8, at + 24).replace(/\0+$/, "");
    if (command === segmentCommand && name === "__LINKEDIT") linkEdit = at;
    if (command === segmentCommand && name === "__TEXT") {
      text = { offset: Number(file.readBigUInt64LE(at + 40)), size: Number(file.readBigUInt64LE(at + 48)) };
    }
    if (command === signatureCommand) signature = at;
    at += file.readUInt32LE(at + 4);
  }
  if (linkEdit === undefined || signature === undefined || text === undefined) {
    throw new Error("this Mach-O file has no place for a signature");
  }
  return { linkEdit, signature, text };
}

const pageSize = 4096;
/** Segments begin and end at a page of the processor with the largest. */
const largestPage = 16_384;
const hashSize = 32;
const directorySize = 88;
const directoryOffset = 20;
const superBlobMagic = 0xfade0cc0;
const directoryMagic = 0xfade0c02;
const directoryVersion = 0x20400;
const adHocFlag = 0x2;
const sha256Type = 2;
const mainBinaryFlag = 1n;

function signatureSize(pages: number, identifier: string): number {
  return directoryOffset + directorySize + identifier.length + 1 + pages * hashSize;
}

/** One code directory: the hash of each page of what is signed. Numbers in it are big-endian. */
function adHocSignature(signed: Buffer, identifier: string, text: Layout["text"]): Buffer {
  const pages = Math.ceil(signed.length / pageSize);
  const size = signatureSize(pages, identifier);
  const blob = Buffer.alloc(size);
  blob.writeUInt32BE(superBlobMagic, 0);
  blob.writeUInt32BE(size, 4);
  blob.writeUInt32BE(1, 8);
  blob.writeUInt32BE(0, 12);
  blob.writeUInt32BE(directoryOffset, 16);
  const directory = blob.subarray(directoryOffset);
  const hashes = directorySize + identifier.length + 1;
  directory.writeUInt32BE(directoryMagic, 0);
  directory.writeUInt32BE(size - directoryOffset, 4);
  directory.writeUInt32BE(directoryVersion, 8);
  directory.writeUInt32BE(adHocFlag, 12);
  directory.writeUInt32BE(hashes, 16);
  directory.writeUInt32BE(directorySize, 20);
  directory.writeUInt32BE(0, 24);
  directory.writeUInt32BE(pages, 28);
  directory.writeUInt32BE(signed.length, 32);
  directory.writeUInt8(hashSize, 36);
  directory.writeUInt8(sha256Type, 37);
  directory.writeUInt8(Math.log2(pageSize), 39);
  directory.writeBigUInt64BE(BigInt(text.offset), 64);
  directory.writeBigUInt64BE(BigInt(text.size), 72);
  directory.writeBigUInt64BE(mainBinaryFlag, 80);
  directory.write(identifier, directorySize);
  for (let page = 0; page < pages; page++) {
    const bytes = signed.subarray(page * pageSize, (page + 1) * pageSize);
    createHash("sha256")
      .update(bytes)
      .digest()
      .copy(directory, hashes + page * hashSize);
  }
  return blob;
}
