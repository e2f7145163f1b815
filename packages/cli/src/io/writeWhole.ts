import { rename, writeFile } from "node:fs/promises";

/** All of it or nothing: a reader never sees half a file. Only its owner may read it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}
