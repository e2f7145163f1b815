/** A file larger than this is a mistake, not a configuration. */
export const largestConfigBytes = 5 * 1024 * 1024;

export type DecodeResult =
  | { readonly text: string }
  | { readonly message: string; readonly hint?: string; readonly line: number; readonly column: number };

/**
 * The text of a file's bytes; a byte order mark is left out. Refused with a sentence and a place: more than 5 MB, bytes
 * that are not UTF-8, and NUL (a binary file, or UTF-16). `column` counts bytes from 1.
 */
export function decodeConfig(bytes: Uint8Array): DecodeResult {
  if (bytes.length > largestConfigBytes) return tooLarge(bytes.length);
  const nul = bytes.indexOf(0);
  if (nul !== -1) {
    return {
      message: "the file holds a NUL byte, so it is not a text in UTF-8",
      hint: "save it as UTF-8 (UTF-16 has NUL bytes too)",
      ...placeOf(bytes, nul),
    };
  }
  const bad = firstInvalidByte(bytes);
  if (bad !== undefined) {
    const value = (bytes[bad] ?? 0).toString(16).toUpperCase().padStart(2, "0");
    return {
      message: `the file is not valid UTF-8: byte 0x${value} at offset ${bad} cannot stand there`,
      hint: "save it as UTF-8",
      ...placeOf(bytes, bad),
    };
  }
  const skipped = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return { text: decodeValidUtf8(bytes.subarray(skipped)) };
}

/** The sentence for a file that is too large, so that its size alone can refuse it before it is read. */
export function tooLarge(size: number): Extract<DecodeResult, { readonly message: string }> {
  return {
    message: `the file is ${(size / 1024 / 1024).toFixed(1)} MB large, and at most 5 MB are read`,
    hint: "put long texts into files of the workspace and name them in the prompt",
    line: 1,
    column: 1,
  };
}

function placeOf(bytes: Uint8Array, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < offset; at = bytes.indexOf(0x0a, at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

/** Least second byte and greatest second byte after a lead byte, and how many bytes follow it in all (RFC 3629). */
function sequenceShape(lead: number): readonly [follow: number, least: number, greatest: number] | undefined {
  if (lead >= 0xc2 && lead <= 0xdf) return [1, 0x80, 0xbf];
  if (lead === 0xe0) return [2, 0xa0, 0xbf];
  if (lead === 0xed) return [2, 0x80, 0x9f];
  if (lead >= 0xe1 && lead <= 0xef) return [2, 0x80, 0xbf];
  if (lead === 0xf0) return [3, 0x90, 0xbf];
  if (lead >= 0xf1 && lead <= 0xf3) return [3, 0x80, 0xbf];
  return lead === 0xf4 ? [3, 0x80, 0x8f] : undefined;
}

function firstInvalidByte(bytes: Uint8Array): number | undefined {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    const shape = sequenceShape(lead);
    if (shape === undefined) return at;
    const [follow, least, greatest] = shape;
    for (let next = 1; next <= follow; next += 1) {
      const byte = bytes[at + next] ?? 0;
      if (byte < (next === 1 ? least : 0x80) || byte > (next === 1 ? greatest : 0xbf)) return at;
    }
    at += follow + 1;
  }
  return undefined;
}

/** The pure rooms have no TextDecoder; the bytes are known to be valid. */
function decodeValidUtf8(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let units: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const [codePoint, length] = codePointAt(bytes, at);
    units.push(codePoint);
    at += length;
    if (units.length === 8_192) {
      pieces.push(String.fromCodePoint(...units));
      units = [];
    }
  }
  pieces.push(String.fromCodePoint(...units));
  return pieces.join("");
}

function codePointAt(bytes: Uint8Array, at: number): readonly [codePoint: number, length: number] {
  const lead = bytes[at] ?? 0;
  const tail = (index: number): number => (bytes[at + index] ?? 0) & 0x3f;
  if (lead < 0x80) return [lead, 1];
  if (lead < 0xe0) return [((lead & 0x1f) << 6) | tail(1), 2];
  if (lead < 0xf0) return [((lead & 0x0f) << 12) | (tail(1) << 6) | tail(2), 3];
  return [((lead & 0x07) << 18) | (tail(1) << 12) | (tail(2) << 6) | tail(3), 4];
}
