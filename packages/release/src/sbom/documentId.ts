import { createHash } from "node:crypto";

/** An id that is the document's own and is the same for the same content: a UUID of the kind whose makers say what is in it (version 8). */
export function documentId(content: unknown): string {
  const hex = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join("-");
}

/** The one time there is in a release, as documents write it. @param at seconds since 1970 */
export function documentTime(at: number): string {
  return new Date(at * 1000).toISOString().replace(".000Z", "Z");
}
