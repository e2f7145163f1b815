import { spawnSync } from "node:child_process";
import { chmodSync, constants, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { root, toolsFolder } from "./support/places.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** What everybody may read: `npm.tgz`, `npm/`, `nodes/24/bin/node`. */
    readonly shelf: string;
  }
}

/** Makes the npm form once for all tests of it, and lays out what a machine has before anything of ours is on it. */
export function setup({ provide }: TestProject): () => void {
  const shelf = mkdtempSync(path.join(tmpdir(), "orchestrator shelf "));
  chmodSync(shelf, 0o755);
  const made = path.join(shelf, "made");
  const words = ["scripts/release.ts", "--dry-run", "--no-build", "--only", "npm", "--only", "sbom", "--output", made];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`the npm form could not be made:\n${stdout}${stderr}`);
  const tarball = /\S+\.tgz$/m.exec(stdout)?.[0] ?? "";
  copyFileSync(path.join(made, tarball), path.join(shelf, "npm.tgz"));
  cpSync(npmFolder(), path.join(shelf, "npm"), { recursive: true });
  shelveNode(shelf, "24", process.execPath);
  for (const major of ["12", "20", "22", "26"]) {
    shelveNode(shelf, major, path.join(toolsFolder, `node-${major}/bin/node`));
  }
  provide("shelf", shelf);
  return () => rmSync(shelf, { recursive: true, force: true, maxRetries: 5 });
}

/** The npm that started the tests, else the one of the machine. */
function npmFolder(): string {
  const entry = process.env["npm_execpath"] ?? "/usr/lib/node_modules/npm/bin/npm-cli.js";
  return path.resolve(entry, "../..");
}

/** Only what is there: other Nodes are installed for the whole matrix. */
function shelveNode(shelf: string, major: string, node: string): void {
  if (!existsSync(node)) return;
  const folder = path.join(shelf, "nodes", major, "bin");
  mkdirSync(folder, { recursive: true });
  copyFileSync(node, path.join(folder, "node"), constants.COPYFILE_FICLONE);
  chmodSync(path.join(folder, "node"), 0o755);
}
