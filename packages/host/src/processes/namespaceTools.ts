import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** The programs of the system that make a namespace and start others in it: absolute paths. */
export interface NamespaceTools {
  readonly bwrap: string;
  readonly nsenter: string;
  readonly mount: string;
  readonly env: string;
  readonly setsid: string;
  readonly sh: string;
  readonly cat: string;
  /** Root needs no user namespace, and keeps all its rights. */
  readonly isRoot: boolean;
}

/** The system's own folders and not PATH, which a person may have pointed into a workspace. */
const folders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin", "/run/current-system/sw/bin"];
const names = ["bwrap", "nsenter", "mount", "env", "setsid", "sh", "cat"] as const;

/** All of them, or the name of the first that is missing. */
export function findNamespaceTools(): NamespaceTools | { readonly missing: string } {
  const found: Partial<Record<(typeof names)[number], string>> = {};
  for (const name of names) {
    const path = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (path === undefined) return { missing: name };
    found[name] = path;
  }
  const { bwrap = "", nsenter = "", mount = "", env = "", setsid = "", sh = "", cat = "" } = found;
  return { bwrap, nsenter, mount, env, setsid, sh, cat, isRoot: process.geteuid?.() === 0 };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
