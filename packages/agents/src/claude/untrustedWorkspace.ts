import type { WorkspaceContext, WorkspaceFile } from "@claude-orchestrator/engine/ports";
import { isClaudeBuiltIn } from "./builtInCommands.ts";
import { commandNameOf, readCommandFile, skillNameOf } from "./commandFile.ts";

/**
 * How a workspace that nobody vouched for is still useful: its settings, hooks and MCP servers are not loaded at all, but
 * its instructions, commands and skills are handed to Claude Code as text, in folders of ours. Of their front matter only
 * words for people are kept (`allowed-tools`, `hooks` and `model` are configuration); shell lines are not run and files are
 * not attached for them.
 */
export interface UntrustedWorkspace {
  /** For the private directory, by relative path. */
  readonly files: Readonly<Record<string, string>>;
  /** Folder, in the private directory, that holds the instructions as CLAUDE.md. */
  readonly contextFolder?: string;
  /** Folder, in the private directory, of a plugin with the commands and skills. */
  readonly pluginFolder?: string;
  /** `/name` of a command of this workspace as Claude Code now knows it; other text unchanged. */
  readonly rewrite: (prompt: string) => string;
}

const contextFolder = "workspace/context";
const pluginFolder = "workspace/plugin";
/** The commands of a plugin begin with its name: `/workspace:review`. */
const pluginName = "workspace";

export function untrustedWorkspace(context: WorkspaceContext | undefined): UntrustedWorkspace {
  const commands = (context?.commands ?? []).flatMap(commandCopy);
  const skills = (context?.skills ?? []).flatMap((file) => skillCopy(file, context?.skillsDirectory));
  const names = new Set([...commands, ...skills].map((copy) => copy.name));
  const files = Object.fromEntries([...commands, ...skills].map((copy) => [copy.path, copy.text]));
  const instructions = context?.instructions ?? "";
  return {
    files: {
      ...files,
      ...(names.size === 0
        ? {}
        : { [`${pluginFolder}/.claude-plugin/plugin.json`]: JSON.stringify({ name: pluginName }) }),
      ...(instructions.trim() === "" ? {} : { [`${contextFolder}/CLAUDE.md`]: inert(instructions) }),
    },
    ...(instructions.trim() === "" ? {} : { contextFolder }),
    ...(names.size === 0 ? {} : { pluginFolder }),
    rewrite: (prompt) => rewritten(prompt, names),
  };
}

interface Copy {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

function commandCopy(file: WorkspaceFile): readonly Copy[] {
  const name = commandNameOf(file.path);
  if (name === undefined || isClaudeBuiltIn(name)) return [];
  const { description = name, argumentHint, body, modelMayStart } = readCommandFile(name, file.text);
  const head = frontMatter({
    description,
    ...(argumentHint === undefined ? {} : { "argument-hint": argumentHint }),
    ...(modelMayStart ? {} : { "disable-model-invocation": true }),
  });
  return [{ name, path: `${pluginFolder}/commands/${name.replaceAll(":", "/")}.md`, text: `${head}${inert(body)}` }];
}

function skillCopy(file: WorkspaceFile, directory: string | undefined): readonly Copy[] {
  const name = skillNameOf(file.path);
  if (name === undefined || isClaudeBuiltIn(name)) return [];
  const { description = name, body, modelMayStart } = readCommandFile(name, file.text);
  const head = frontMatter({ name, description, ...(modelMayStart ? {} : { "disable-model-invocation": true }) });
  const where =
    directory === undefined ? "" : `The files of this skill are in ${directory}/${name}, not beside this text.\n\n`;
  return [{ name, path: `${pluginFolder}/skills/${name}/SKILL.md`, text: `${head}${inert(where + body)}` }];
}

/** JSON is YAML, so nothing in a value can end it early. */
function frontMatter(values: Readonly<Record<string, string | boolean>>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `---\n${lines.join("\n")}\n---\n`;
}

/**
 * Text in which Claude Code finds nothing to do before the model reads it: no `@path` to attach (it would read any file of
 * the person's, unasked), no !`shell line`, also none that appears once `$ARGUMENTS` is filled in.
 */
function inert(text: string): string {
  return text.replaceAll("@", "\\@").replaceAll(/!(?=[`$])|(?<=`)!|(?<=\$[\w{}[\]]{0,40})!/g, "\\!");
}

function rewritten(prompt: string, names: ReadonlySet<string>): string {
  const typed = /^(\s*)\/(\S+)/.exec(prompt);
  const name = typed?.[2];
  if (typed === null || name === undefined || !names.has(name)) return prompt;
  return `${typed[1] ?? ""}/${pluginName}:${name}${prompt.slice(typed[0].length)}`;
}
