/** The one kind of entry we write and read: a plain file in the oldest format every tar understands (ustar). */
export interface TarEntry {
  readonly name: string;
  readonly bytes: number;
}

export const tarBlock = 512;

/** What its eleven octal digits can say: 8 GiB less one. */
export const largestTarMember = 0o77777777777;

const longestName = 100;

/**
 * The header of a file that is its owner's alone and belongs to nobody, so that one run gives one archive.
 *
 * @param at ms since 1970
 */
export function encodeTarHeader({ name, bytes }: TarEntry, at: number): Buffer {
  if (Buffer.byteLength(name) > longestName || bytes > largestTarMember) throw new Error(`not for a tar: ${name}`);
  const header = Buffer.alloc(tarBlock);
  header.write(name, 0, "latin1");
  writeOctal(header, 0o600, 100, 8);
  writeOctal(header, 0, 108, 8);
  writeOctal(header, 0, 116, 8);
  writeOctal(header, bytes, 124, 12);
  writeOctal(header, Math.min(Math.max(0, Math.floor(at / 1000)), largestTarMember), 136, 12);
  header.write("0", 156, "latin1");
  header.write("ustar", 257, "latin1");
  header.write("00", 263, "latin1");
  header.fill(" ", 148, 156);
  const sum = sumOf(header);
  writeOctal(header, sum, 148, 7);
  return header;
}

/** Undefined for a block of zeros, which ends an archive; a sentence where it is no plain file's header. */
export function decodeTarHeader(header: Buffer): TarEntry | string | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  const told = readOctal(header, 148, 8);
  if (told !== sumOf(Buffer.from(header).fill(" ", 148, 156))) return "a header's checksum does not fit";
  const name = textAt(header, 0, longestName);
  const kind = header[156];
  if (kind !== 0x30 && kind !== 0) return `\`${name}\` is no plain file`;
  if (textAt(header, 345, 155) !== "") return `the name of \`${name}\` is too long`;
  const bytes = readOctal(header, 124, 12);
  return bytes === undefined ? `the size of \`${name}\` cannot be read` : { name, bytes };
}

/** How many bytes of zeros follow a member of that size. */
export function tarPadding(bytes: number): number {
  return (tarBlock - (bytes % tarBlock)) % tarBlock;
}

/** The field's last byte stays zero. */
function writeOctal(header: Buffer, value: number, at: number, width: number): void {
  header.write(value.toString(8).padStart(width - 1, "0"), at, "latin1");
  header[at + width - 1] = 0;
}

function readOctal(header: Buffer, at: number, width: number): number | undefined {
  const text = textAt(header, at, width).trim();
  return /^[0-7]{1,12}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function textAt(header: Buffer, at: number, width: number): string {
  const field = header.subarray(at, at + width);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? width : end).toString("latin1");
}

function sumOf(header: Buffer): number {
  return header.reduce((total, byte) => total + byte, 0);
}
