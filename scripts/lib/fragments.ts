import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Fragment } from "./changelog.ts";

/** What changelog/ holds beside its README. */
export function readFragments(root: string): readonly Fragment[] {
  const folder = path.join(root, "changelog");
  return readdirSync(folder)
    .filter((name) => name !== "README.md")
    .map((name) => ({ name, text: readFileSync(path.join(folder, name), "utf8") }));
}
