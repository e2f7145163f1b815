import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync } from "node:fs";
import path from "node:path";
import { root } from "./places.ts";

/** What a release is for one machine, by what its names end with. */
export interface Forms {
  readonly folder: string;
  /** The file whose name fits. @throws Error where there is none */
  find(pattern: RegExp): string;
}

/** Makes every form that carries the executable of Linux x64, compressed in a second. */
export function makeForms(folder: string, more: Readonly<Record<string, string>> = {}): Forms {
  const forms = ["exe", "archive", "wheel", "deb", "installers"].flatMap((form) => ["--only", form]);
  const words = ["scripts/release.ts", "--dry-run", "--no-build", "--output", folder, ...forms];
  const env = { ...process.env, RELEASE_EXE: "linux-x64", RELEASE_EXE_LEVEL: "3", ...more };
  const made = spawnSync(process.execPath, words, { cwd: root, env, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`the forms could not be made:\n${made.stdout}${made.stderr}`);
  chmodSync(folder, 0o755);
  return {
    folder,
    find(pattern) {
      const name = readdirSync(folder).find((each) => pattern.test(each));
      if (name === undefined) throw new Error(`nothing in ${folder} fits ${String(pattern)}`);
      return path.join(folder, name);
    },
  };
}
