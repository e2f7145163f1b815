/** The bytes of strict base64 of exactly this length; undefined for anything else, where `Buffer.from` would take what it can. */
export function decodeBase64(text: string, length: number): Buffer | undefined {
  if (text.length !== Math.ceil(length / 3) * 4) return undefined;
  const bytes = Buffer.from(text, "base64");
  return bytes.length === length && bytes.toString("base64") === text ? bytes : undefined;
}
