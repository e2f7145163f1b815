import { spawnSync } from "node:child_process";
import path from "node:path";
import type { ReleaseContext } from "../releaseContext.ts";

const shells = [
  ["bash", "claude-orchestrator.bash"],
  ["zsh", "_claude-orchestrator"],
  ["fish", "claude-orchestrator.fish"],
  ["pwsh", "claude-orchestrator.ps1"],
] as const;

export interface ManPage {
  /** Of section 1, without it. */
  readonly name: string;
  readonly text: string;
}

/** The program's own manual, dated as the release is. */
export function manPagesOf(context: Pick<ReleaseContext, "bundle" | "sourceDateEpoch">): readonly ManPage[] {
  const date = new Date(context.sourceDateEpoch * 1000).toISOString().slice(0, 10);
  return JSON.parse(askProgram(context, ["manual", "--date", date])) as readonly ManPage[];
}

/** What each shell completes words of the program with, under the name the shell looks for. */
export function completionsOf(
  context: Pick<ReleaseContext, "bundle">,
): readonly { readonly name: string; readonly text: string }[] {
  return shells.map(([shell, name]) => ({ name, text: askProgram(context, ["completion", shell]) }));
}

/** What is inside can say what is inside: nothing else of the clone is asked. The environment of whoever builds plays no part. */
function askProgram({ bundle }: Pick<ReleaseContext, "bundle">, words: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [path.join(bundle, "cli.mjs"), ...words], {
    cwd: bundle,
    env: { HOME: bundle },
    encoding: "utf8",
  });
  if (status === 0) return stdout;
  throw new Error(`\`${words.join(" ")}\` of the built program failed: ${error?.message ?? stderr}`);
}
