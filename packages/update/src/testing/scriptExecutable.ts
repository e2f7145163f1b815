import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import type { CheckExecutable } from "../slots/steps.ts";

/** What stands for an executable of ours: it tells its version. */
export function writeExecutable(file: string, version: string, exitCode = 0): void {
  writeFileSync(file, `#!/bin/sh\necho "claude-orchestrator ${version}"\nexit ${exitCode}\n`);
  chmodSync(file, 0o755);
}

/** What it says when it is started; undefined where it does not start. */
export function versionSaid(file: string): string | undefined {
  const { status, stdout } = spawnSync(file, ["--version"], { encoding: "utf8" });
  return status === 0 ? /^claude-orchestrator (\S+)\n$/.exec(stdout)?.[1] : undefined;
}

export const checkScript: CheckExecutable = async (file, version) => {
  const said = versionSaid(file);
  return said === version ? undefined : `it says ${said ?? "nothing"}`;
};
