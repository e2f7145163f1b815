import type { AgentAdapter } from "@claude-orchestrator/engine/ports";
import { claude } from "./claude/index.ts";
import { codex } from "./codex/index.ts";
import { command } from "./command/index.ts";
import { gemini } from "./gemini/index.ts";
import { opencode } from "./opencode/index.ts";

/** Every agent there is, in the order they are shown. One line each: the recipe is in ARCHITECTURE.md. */
export const agents: readonly AgentAdapter[] = [claude, codex, gemini, opencode, command];

/** The agent of that name, as written in a file; undefined where there is none. */
export function agentByName(name: string): AgentAdapter | undefined {
  return agents.find((agent) => agent.name === name);
}

export { claudeBuiltInCommands, claudeInteractiveCommands, isClaudeBuiltIn } from "./claude/builtInCommands.ts";
export type { BuiltInCommand } from "./claude/builtInCommands.ts";
export { commandNameOf, readCommandFile, skillNameOf } from "./claude/commandFile.ts";
export type { CommandFile } from "./claude/commandFile.ts";
