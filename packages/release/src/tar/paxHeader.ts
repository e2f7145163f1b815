import type { StagedFile } from "../stagedFile.ts";
import { fitsInHeader, longestName, tarHeader, tarPadding } from "./makeTarGz.ts";

const typeOfPax = "x";

/**
 * A member's header, with another before it where the name is too long for one: pax, which tars have read for twenty years, and dpkg
 * does not.
 *
 * @param at seconds since 1970
 */
export function paxHeader(file: StagedFile, at: number): Buffer {
  if (fitsInHeader(file.path)) return tarHeader(file, at);
  const bytes = Buffer.from(record("path", file.path));
  const before = tarHeader({ path: "PaxHeaders/name", bytes }, at, typeOfPax);
  // Who knows no pax has a name to unpack it under that is not another's: what differs is at the end.
  const short = file.path.replaceAll(/[^\u0020-\u007E]/g, "_").slice(-longestName);
  return Buffer.concat([before, bytes, tarPadding(bytes.length), tarHeader({ ...file, path: short }, at)]);
}

/** Begins with its own length in bytes, which counts itself. */
function record(key: string, value: string): string {
  const text = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(text);
  let length = bytes;
  while (length < bytes + String(length).length) length++;
  return `${length}${text}`;
}
