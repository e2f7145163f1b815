import path from "node:path";
import { artifactOf } from "../artifact.ts";
import type { Artifact, Platform } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { authenticode } from "./authenticode.ts";
import { developerId } from "./macos.ts";
import type { Environment } from "./signingTool.ts";

/** How programs of one system are signed, by its maker's rules. */
export interface CodeSigning {
  /** Why nothing can be signed here, in a person's words; undefined where it can. */
  reasonToSkip(env: Environment): string | undefined;
  /** In its place. @throws Error with what the tool said */
  sign(file: string, options: CodeOptions): void;
}

interface CodeOptions {
  readonly env: Environment;
  /** Seconds since 1970. */
  readonly at: number;
  /** What Windows asks a person about. */
  readonly description: string;
}

/**
 * Signs the executables among what a form has made, as Windows and macOS want it, and describes them anew. Says of each that it could
 * not, and why; others stay as they are.
 */
export async function signCode(
  context: ReleaseContext,
  artifacts: readonly Artifact[],
  env: Environment,
): Promise<readonly Artifact[]> {
  const signed: Artifact[] = [];
  for (const artifact of artifacts) {
    const { kind, platform, path: name } = artifact;
    const signing = kind === "executable" ? signingOf(platform) : undefined;
    const reason = signing?.reasonToSkip(env);
    if (reason !== undefined) context.say(`${name} is not signed for its system: ${reason}`);
    if (signing === undefined || reason !== undefined) {
      signed.push(artifact);
      continue;
    }
    const file = path.join(context.output, name);
    signing.sign(file, { env, at: context.sourceDateEpoch, description: "claude-orchestrator" });
    signed.push(await artifactOf(context, file, artifact));
  }
  return signed;
}

function signingOf(platform: Platform | undefined): CodeSigning | undefined {
  if (platform?.startsWith("win-") === true) return authenticode;
  return platform?.startsWith("darwin-") === true ? developerId : undefined;
}
