import { readFileSync } from "node:fs";

/** Put in by the build. */
declare const CLAUDE_ORCHESTRATOR_VERSION: string | undefined;

/** The program's own name, as it is typed. */
export const programName = "claude-orchestrator";

/** The program's version; run from its source, the one its package says. */
export function programVersion(): string {
  if (typeof CLAUDE_ORCHESTRATOR_VERSION === "string") return CLAUDE_ORCHESTRATOR_VERSION;
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const isManifest = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isManifest && typeof manifest.version === "string" ? manifest.version : "0.0.0";
}
