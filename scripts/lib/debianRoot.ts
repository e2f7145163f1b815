import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { root } from "./command.ts";

const folder = path.join(root, ".release-tools/debian");

/** Makes a Debian with nothing but what every Debian has, once. @returns why it cannot be had on this machine */
export function makeDebianRoot(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can change into one";
  if (existsSync(folder)) return undefined;
  if (spawnSync("debootstrap", ["--version"]).error !== undefined) return "debootstrap is not installed";
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const { status } = spawnSync("debootstrap", ["--variant=minbase", "bookworm", part], { stdio: "inherit" });
  if (status !== 0) return "debootstrap failed";
  renameSync(part, folder);
  return undefined;
}
