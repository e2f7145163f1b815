import type { StagedFile } from "../stagedFile.ts";
import { inOrder } from "../stagedFile.ts";
import { gzip } from "./gzip.ts";

const block = 512;
const longestName = 100;
const longestPrefix = 155;
const [typeOfFile, typeOfFolder] = ["0", "5"];

/**
 * A `.tar.gz` of plain files, and of folders where a path ends with a slash, in the oldest format every tar understands (ustar): sorted,
 * of nobody, all of one time, so that the same files give the same bytes wherever they are packed.
 *
 * @param at seconds since 1970
 */
export function makeTarGz(files: readonly StagedFile[], at: number): Buffer {
  const parts = inOrder(files).flatMap((file) => [header(file, at), file.bytes, padding(file.bytes.length)]);
  return gzip(Buffer.concat([...parts, Buffer.alloc(2 * block)]));
}

function header({ path, bytes, isExecutable = false }: StagedFile, at: number, type?: string): Buffer {
  const parts = split(path);
  if (parts === undefined) throw new Error(`too long for a tar: ${path}`);
  const field = Buffer.alloc(block);
  const isFolder = path.endsWith("/");
  field.write(parts.name, 0, "utf8");
  writeOctal(field, isExecutable || isFolder ? 0o755 : 0o644, 100, 8);
  writeOctal(field, 0, 108, 8);
  writeOctal(field, 0, 116, 8);
  writeOctal(field, bytes.length, 124, 12);
  writeOctal(field, at, 136, 12);
  field.write(type ?? (isFolder ? typeOfFolder : typeOfFile), 156, "latin1");
  field.write("ustar", 257, "latin1");
  field.write("00", 263, "latin1");
  field.write(parts.prefix, 345, "utf8");
  // The sum is taken with spaces in its own place.
  field.fill(" ", 148, 156);
  const sum = field.reduce((total, byte) => total + byte, 0);
  writeOctal(field, sum, 148, 7);
  return field;
}

/** Whether a path needs no more than the one header every tar understands. */
export function fitsInHeader(path: string): boolean {
  return split(path) !== undefined;
}

/** A long path stands in two fields, cut at a slash. */
function split(path: string): { readonly name: string; readonly prefix: string } | undefined {
  if (Buffer.byteLength(path) <= longestName) return { name: path, prefix: "" };
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(name) <= longestName && Buffer.byteLength(prefix) <= longestPrefix) return { name, prefix };
  }
  return undefined;
}

/** The field's last byte stays zero. */
function writeOctal(field: Buffer, value: number, at: number, width: number): void {
  field.write(value.toString(8).padStart(width - 1, "0"), at, "latin1");
  field[at + width - 1] = 0;
}

function padding(bytes: number): Buffer {
  return Buffer.alloc((block - (bytes % block)) % block);
}

/** For a tar that is too large to be made in memory; `header` takes one file, `padding` what follows it. */
export { block as tarBlock, header as tarHeader, padding as tarPadding, longestName };
