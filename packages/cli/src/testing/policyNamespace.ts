import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Puts a folder in the place of /etc for one program, in a mount namespace of its own, and becomes that program. */
const script = 'mount --bind "$1" /etc && shift && exec "$@"';
const words = ["-m", ...(process.getuid?.() === 0 ? [] : ["-r"]), "sh", "-c", script, "sh"];

/** The words that start a program on a machine whose /etc holds this policy. */
export function underPolicy(folder: string, policy: string): readonly [program: string, ...words: string[]] {
  const etc = join(folder, "etc");
  mkdirSync(join(etc, "claude-orchestrator"), { recursive: true, mode: 0o755 });
  writeFileSync(join(etc, "claude-orchestrator", "policy.yaml"), policy, { mode: 0o644 });
  return ["unshare", ...words, etc];
}

/** Whether this machine lets a test make such a namespace. */
export function canMount(): boolean {
  return spawnSync("unshare", [...words, "/etc", "true"]).status === 0;
}
