const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The session id Claude Code accepts for a name: a UUID is kept, anything else gives a version 8 UUID that depends on the
 * name alone, so that the same file finds the same session again. Not meant to be unguessable.
 */
export function claudeSessionId(name: string): string {
  if (uuidShape.test(name)) return name.toLowerCase();
  const bits = [fnv64(`${name}\u0000session`), fnv64(`session\u0000${name}`)];
  const hex = bits.map((half) => half.toString(16).padStart(16, "0")).join("");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** FNV-1a over UTF-16 code units, 64 bits. */
function fnv64(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  }
  return hash;
}
