import type { AgentProgram } from "@claude-orchestrator/engine/ports";
import { firstVersion } from "../shared/programVersion.ts";

const native = (target: string, file = "claude"): AgentProgram["nativePackages"][number] => ({
  name: `@anthropic-ai/claude-code-${target}`,
  path: file,
});

const install = "npm install -g @anthropic-ai/claude-code@2.1.330";

/** The first release of the native program whose headless protocol was measured here in every detail. */
const measuredFrom = [2, 1, 198] as const;

export const claudeProgram: AgentProgram = {
  binary: "claude",
  // The program itself: npm's `claude` is a link to it, or a Node wrapper where its postinstall was not run.
  nativePackages: [
    native("linux-x64"),
    native("linux-arm64"),
    native("linux-x64-musl"),
    native("linux-arm64-musl"),
    native("darwin-x64"),
    native("darwin-arm64"),
    native("win32-x64", "claude.exe"),
    native("win32-arm64", "claude.exe"),
  ],
  homeFolders: [".local/bin", ".claude/local", ".npm-global/bin", ".claude/local/node_modules/.bin", "bin"],
  install,
  versionArgs: ["--version"],
  parseVersion: firstVersion,
  knownBad,
  signIn: {
    env: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"],
    files: [".claude/.credentials.json", "$CLAUDE_CONFIG_DIR/.credentials.json"],
    how: "run `claude` once and `/login`, or set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN (`claude setup-token` makes one)",
  },
};

function knownBad(version: string): string | undefined {
  const parts = version.split(/[.+-]/, 3).map(Number);
  if (parts.length < 3 || parts.some(Number.isNaN) || !isBefore(parts, measuredFrom)) return undefined;
  return (
    `Claude Code ${version} is older than 2.1.198: it does not tell what a turn cost in a resumed session and reports API ` +
    "errors as completed turns. A bare `npm install @anthropic-ai/claude-code` on Node 20 picks 2.1.197 without a word, " +
    `since newer ones ask for Node 22 (which the program itself does not need): \`${install}\``
  );
}

function isBefore(version: readonly number[], other: readonly number[]): boolean {
  for (const [index, part] of other.entries()) {
    const own = version[index] ?? 0;
    if (own !== part) return own < part;
  }
  return false;
}
