import { readFileSync } from "node:fs";
import path from "node:path";
import { fetchRuntime } from "./fetchRuntime.ts";
import type { Target } from "./targets.ts";

/** The Node that is inside a target's executable: it, and not the launcher, decides on which systems it starts. */
export function runtimeBytes(target: Target, root: string): Buffer {
  const cache = path.join(root, "node_modules/.cache/claude-orchestrator-release");
  return readFileSync(fetchRuntime(target, root, cache).file);
}
