import type { Pack } from "./makePack.ts";

const magic = "CO-LAUNCHER-SLOT";
const idSize = 64;
const slotSize = magic.length + 3 * 8 + 32 + idSize;

/**
 * Writes into a launcher what stands behind it (`struct slot` in launcher/pack.h).
 *
 * @param offset where the pack's table begins in the executable
 */
export function fillSlot(launcher: Buffer, offset: number, pack: Pack, version: string): Buffer {
  const at = launcher.indexOf(magic);
  if (at < 0 || launcher.includes(magic, at + 1)) throw new Error("the launcher has not one slot");
  const slot = Buffer.alloc(slotSize);
  slot.write(magic);
  slot.writeBigUInt64LE(BigInt(offset), 16);
  slot.writeBigUInt64LE(BigInt(pack.table.length), 24);
  slot.writeBigUInt64LE(BigInt(pack.data.length), 32);
  slot.write(pack.tableDigest, 40, "hex");
  const id = executableId(version, pack.tableDigest);
  if (id.length >= idSize) throw new Error(`the version ${version} is too long for a folder's name`);
  slot.write(id, 72);
  const filled = Buffer.from(launcher);
  slot.copy(filled, at);
  return filled;
}

/** The folder of the cache that an executable unpacks into. */
export function executableId(version: string, tableDigest: string): string {
  return `${version}-${tableDigest.slice(0, 16)}`;
}
