import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Keeps pasted text beside the runs, where whoever goes on with its run reads it again; the same text once. */
export function keepPasted(text: string, runsFolder: string): string {
  const folder = join(dirname(runsFolder), "pasted");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${createHash("sha256").update(text).digest("hex").slice(0, 16)}.yaml`);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}
