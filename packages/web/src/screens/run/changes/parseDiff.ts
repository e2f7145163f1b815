/** A line of a change. `before` and `after` are its numbers in the file as it was and as it is, from 1. */
export interface DiffLine {
  readonly kind: "same" | "added" | "removed" | "hunk";
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly text: string;
}

export interface DiffFile {
  /** As it is called now; of a removed one, as it was. */
  readonly path: string;
  /** Where it was renamed or copied from. */
  readonly from: string | undefined;
  readonly change: "added" | "removed" | "renamed" | "changed";
  readonly isBinary: boolean;
  readonly insertions: number;
  readonly deletions: number;
  readonly lines: readonly DiffLine[];
}

interface Draft {
  path: string;
  from: string | undefined;
  change: DiffFile["change"];
  isBinary: boolean;
  insertions: number;
  deletions: number;
  readonly lines: DiffLine[];
  before: number;
  after: number;
  /** How many lines of the hunk are to come, of each side. */
  leftBefore: number;
  leftAfter: number;
}

/** A unified difference as git prints it. Never throws: what is not understood is passed over. */
export function parseDiff(text: string): readonly DiffFile[] {
  const files: Draft[] = [];
  let file: Draft | undefined;
  for (const line of text.split("\n")) {
    if (file !== undefined && (file.leftBefore > 0 || file.leftAfter > 0)) {
      if (takeLine(file, line)) continue;
    }
    const header = /^diff --git (.*)$/.exec(line)?.[1];
    if (header !== undefined) {
      file = draftOf(pathOfHeader(header));
      files.push(file);
    } else if (file !== undefined) {
      readHeader(file, line);
    }
  }
  return files.map(({ path, from, change, isBinary, insertions, deletions, lines }) => {
    return { path, from, change, isBinary, insertions, deletions, lines };
  });
}

function draftOf(path: string): Draft {
  return {
    path,
    from: undefined,
    change: "changed",
    isBinary: false,
    insertions: 0,
    deletions: 0,
    lines: [],
    before: 0,
    after: 0,
    leftBefore: 0,
    leftAfter: 0,
  };
}

/** `a/one b/one`: where nothing else names the file, both halves are the same. */
function pathOfHeader(header: string): string {
  const half = header.slice(0, (header.length - 1) / 2);
  return unquoted(half).replace(/^a\//, "");
}

function readHeader(file: Draft, line: string): void {
  const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(.*)$/.exec(line);
  if (hunk !== null) {
    const [, before = "0", countBefore = "1", after = "0", countAfter = "1", context = ""] = hunk;
    file.before = Number(before);
    file.after = Number(after);
    file.leftBefore = Number(countBefore);
    file.leftAfter = Number(countAfter);
    file.lines.push({ kind: "hunk", before: undefined, after: undefined, text: context.trim() });
    return;
  }
  const header = headers.find(([start]) => line.startsWith(start));
  if (header !== undefined) header[1](file, line.slice(header[0].length));
}

/** What stands before a file's hunks, by how its line begins. */
const headers: readonly (readonly [string, (file: Draft, rest: string) => void])[] = [
  ["new file mode", (file) => (file.change = "added")],
  ["deleted file mode", (file) => (file.change = "removed")],
  ["rename from ", renamedFrom],
  ["copy from ", renamedFrom],
  ["rename to ", renamedTo],
  ["copy to ", renamedTo],
  ["+++ ", (file, rest) => (file.path = pathOfSide(rest, "b/") ?? file.path)],
  ["--- ", (file, rest) => (file.path = pathOfSide(rest, "a/") ?? file.path)],
  ["Binary files ", (file) => (file.isBinary = true)],
  ["GIT binary patch", (file) => (file.isBinary = true)],
];

function renamedFrom(file: Draft, rest: string): void {
  file.change = "renamed";
  file.from = unquoted(rest);
}

function renamedTo(file: Draft, rest: string): void {
  file.path = unquoted(rest);
}

function pathOfSide(side: string, prefix: string): string | undefined {
  const path = unquoted(side.replace(/\t$/, ""));
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

/** A line of a hunk; false where it is none, and the hunk is over before its time. */
function takeLine(file: Draft, line: string): boolean {
  const text = line.slice(1);
  switch (line[0]) {
    case "+":
      file.lines.push({ kind: "added", before: undefined, after: file.after, text });
      file.after += 1;
      file.leftAfter -= 1;
      file.insertions += 1;
      return true;
    case "-":
      file.lines.push({ kind: "removed", before: file.before, after: undefined, text });
      file.before += 1;
      file.leftBefore -= 1;
      file.deletions += 1;
      return true;
    case " ":
    case undefined:
      file.lines.push({ kind: "same", before: file.before, after: file.after, text });
      file.before += 1;
      file.after += 1;
      file.leftBefore -= 1;
      file.leftAfter -= 1;
      return true;
    case "\\":
      return true;
    default:
      file.leftBefore = 0;
      file.leftAfter = 0;
      return false;
  }
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", '"': '"', "\\": "\\" };

/** git quotes paths with odd characters, byte by byte. */
function unquoted(path: string): string {
  if (!path.startsWith('"') || !path.endsWith('"') || path.length < 2) return path;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  const pieces = /\\([0-7]{3})|\\(.)|([^\\]+)/gs;
  for (const [, octal, escaped, plain] of path.slice(1, -1).matchAll(pieces)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else bytes.push(...encoder.encode(plain ?? escapes[escaped ?? ""] ?? escaped ?? ""));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
