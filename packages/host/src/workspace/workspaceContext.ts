import { join } from "node:path";
import type { WorkspaceContext, WorkspaceFile } from "@claude-orchestrator/engine/ports";
import { readBoundedText, realPathInside } from "../insideFolder.ts";
import { discoverCommands, type CommandFile } from "./discoverCommands.ts";

const mostInstructionBytes = 256 * 1024;
const instructionFiles = ["CLAUDE.md", "AGENTS.md"];

/**
 * What an agent may be given of an untrusted workspace as text: CLAUDE.md, else AGENTS.md (the first 256 KB), and its
 * command and skill files. Nothing that links out of the workspace.
 */
export function readWorkspaceContext(workspace: string): WorkspaceContext {
  const instructions = readInstructions(workspace);
  const files = discoverCommands(workspace, undefined);
  const commands = filesOfKind(files, "command");
  const skills = filesOfKind(files, "skill");
  return {
    ...(instructions === undefined ? {} : { instructions }),
    ...(commands.length === 0 ? {} : { commands }),
    ...(skills.length === 0 ? {} : { skills, skillsDirectory: join(workspace, ".claude", "skills") }),
  };
}

function filesOfKind(files: readonly CommandFile[], kind: CommandFile["kind"]): readonly WorkspaceFile[] {
  return files.filter((file) => file.kind === kind).map(({ path, text }) => ({ path, text }));
}

function readInstructions(workspace: string): string | undefined {
  for (const name of instructionFiles) {
    const real = realPathInside(workspace, join(workspace, name));
    const read = real === undefined ? undefined : readBoundedText(real, mostInstructionBytes);
    if (read !== undefined) return read.text;
  }
  return undefined;
}
