import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The fake agent's program. Executable by itself where `node` on PATH is Node 24. */
export function fakeAgentPath(): string {
  return fileURLToPath(new URL("./fakeAgent.ts", import.meta.url));
}

/**
 * Puts a program of this name into the folder (made if needed) that is the fake agent, run by this very Node: for a PATH, or
 * where the PATH may hold another Node. It becomes the agent (exec), so its pid is the agent's. Answers its path.
 */
export function installFakeAgent(folder: string, name = "claude"): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(fakeAgentPath())} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
