/** A member of an archive of `ar`, in the order in which it is to stand. */
export interface Member {
  /** At most 16 bytes. */
  readonly name: string;
  readonly bytes: Buffer;
}

const longestName = 16;

/** An archive as `dpkg` wants it: of nobody, all of one time. @param at seconds since 1970 */
export function makeAr(members: readonly Member[], at: number): Buffer {
  const parts = members.flatMap(({ name, bytes }) => [
    Buffer.from(header(name, bytes.length, at), "latin1"),
    bytes,
    // Each begins at an even place.
    Buffer.from(bytes.length % 2 === 0 ? "" : "\n"),
  ]);
  return Buffer.concat([Buffer.from("!<arch>\n"), ...parts]);
}

function header(name: string, size: number, at: number): string {
  if (name.length > longestName) throw new Error(`too long for an ar: ${name}`);
  const fields = [
    [name, longestName],
    [String(at), 12],
    ["0", 6],
    ["0", 6],
    ["100644", 8],
    [String(size), 10],
  ] as const;
  return `${fields.map(([text, width]) => text.padEnd(width)).join("")}\`\n`;
}
