import type { Unreadable } from "../unreadable.ts";

/** One line of SHA256SUMS. */
export interface Checksum {
  /** Relative, with forward slashes, below the list's own folder. */
  readonly path: string;
  /** In hex, small letters. */
  readonly sha256: string;
}

/** Bytes; many thousand files. */
export const longestList = 1_048_576;
const mostEntries = 10_000;
const longestPath = 1024;
const line = /^(?<escaped>\\?)(?<sha256>[0-9a-f]{64}) [ *](?<path>.+)$/s;

/**
 * Reads what `sha256sum` writes, with its escapes. Refuses a list that names a file twice, or anything outside of its own folder:
 * nobody has to look again.
 */
export function parseChecksums(content: Uint8Array): readonly Checksum[] | Unreadable {
  if (content.length > longestList) return { problem: `it is larger than ${longestList} bytes` };
  const lines = Buffer.from(content).toString("utf8").split("\n");
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0) return { problem: "it is empty" };
  if (lines.length > mostEntries) return { problem: `it has more than ${mostEntries} lines` };
  const found = new Map<string, Checksum>();
  for (const [index, text] of lines.entries()) {
    const entry = parseLine(text.replace(/\r$/, ""));
    if (entry === undefined) return { problem: `its line ${index + 1} is no SHA-256 and the name of a file` };
    if (!isBelow(entry.path)) return { problem: `its line ${index + 1} names a file outside of its folder` };
    if (found.has(entry.path)) return { problem: `its line ${index + 1} names a file a second time` };
    found.set(entry.path, entry);
  }
  return [...found.values()];
}

/** As `sha256sum` would print it, in the order of the paths' bytes: `sha256sum --check` reads it. */
export function formatChecksums(entries: readonly Checksum[]): string {
  return entries
    .toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
    .map(({ path, sha256 }) => {
      const escaped = path.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
      return `${escaped === path ? "" : "\\"}${sha256}  ${escaped}\n`;
    })
    .join("");
}

function parseLine(text: string): Checksum | undefined {
  const { escaped, sha256 = "", path = "" } = line.exec(text)?.groups ?? {};
  if (sha256 === "") return undefined;
  const plain = escaped === "" ? path : unescape(path);
  return plain === undefined ? undefined : { path: plain, sha256 };
}

function unescape(path: string): string | undefined {
  if (/\\(?![nr])/.test(path.replaceAll("\\\\", ""))) return undefined;
  return path.replaceAll(/\\[\\nr]/g, (escape) => ({ "\\n": "\n", "\\r": "\r" })[escape] ?? "\\");
}

/** On Windows too, where a backslash and a colon lead elsewhere. */
function isBelow(path: string): boolean {
  if (path.length > longestPath || /[\0\\:\uFFFD]/.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
