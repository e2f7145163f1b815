import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A file's content, or a link to somewhere, or a file with the executable bit. */
export type Entry = string | Uint8Array | { readonly link: string } | { readonly program: string };

export interface FileTree extends Disposable {
  readonly path: string;
  at(name: string): string;
  write(entries: Readonly<Record<string, Entry>>): void;
}

/** A temporary folder (with a space in its name) made from an inline map of files. */
export function createFileTree(entries: Readonly<Record<string, Entry>> = {}): FileTree {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "file tree ")));
  const write: FileTree["write"] = (more) => {
    for (const [name, entry] of Object.entries(more)) writeEntry(join(path, name), entry);
  };
  write(entries);
  return {
    path,
    write,
    at: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

function writeEntry(path: string, entry: Entry): void {
  mkdirSync(dirname(path), { recursive: true });
  if (typeof entry === "string" || entry instanceof Uint8Array) writeFileSync(path, entry);
  else if ("link" in entry) symlinkSync(entry.link, path);
  else {
    writeFileSync(path, entry.program);
    chmodSync(path, 0o755);
  }
}
