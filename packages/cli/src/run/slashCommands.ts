import {
  agentByName,
  claudeBuiltInCommands,
  claudeInteractiveCommands,
  commandNameOf,
  readCommandFile,
  skillNameOf,
} from "@claude-orchestrator/agents";
import { nearest } from "@claude-orchestrator/config";
import type { InstancePlan, Plan } from "@claude-orchestrator/domain";
import { discoverCommands } from "@claude-orchestrator/host";
import type { Obstacle } from "./problems.ts";

/** A slash command there is, and what its file says of it. */
export interface KnownCommand {
  /** Without the slash. */
  readonly name: string;
  readonly kind: "command" | "skill" | "built-in";
  readonly scope: "project" | "user" | "built-in";
  /** Absolute; absent for a built-in. */
  readonly file?: string;
  readonly description?: string;
  readonly argumentHint?: string;
  readonly model?: string;
  readonly allowedTools: readonly string[];
  readonly body?: string;
  /** What is wrong with its front matter. */
  readonly problem?: string;
}

/** Every slash command of a folder: its own, the person's, and those the agent brings along. A folder's own come first. */
export function knownCommands(folder: string, home: string | undefined): readonly KnownCommand[] {
  const files = discoverCommands(folder, home).flatMap((found): readonly KnownCommand[] => {
    const name = found.kind === "skill" ? skillNameOf(found.path) : commandNameOf(found.path);
    if (name === undefined) return [];
    const { modelMayStart: _unused, ...read } = readCommandFile(name, found.text);
    return [{ ...read, kind: found.kind, scope: found.scope, file: found.file }];
  });
  const builtIn = claudeBuiltInCommands.map(({ name, description }): KnownCommand => ({
    name,
    description,
    kind: "built-in",
    scope: "built-in",
    allowedTools: [],
  }));
  return [...files, ...builtIn];
}

/**
 * One sentence for each slash command nobody knows: the agent would send it to the model as text, and that costs. Text
 * that only begins like a path, and names made by a template, are left alone.
 */
export function unknownCommands(plan: Plan, home: string | undefined): readonly Obstacle[] {
  const byFolder = new Map<string, readonly string[]>();
  const namesIn = (folder: string): readonly string[] => {
    const known = byFolder.get(folder) ?? [
      ...knownCommands(folder, home).map(({ name }) => name),
      ...claudeInteractiveCommands,
    ];
    byFolder.set(folder, known);
    return known;
  };
  return plan.instances.flatMap((instance) =>
    commandsUsed(instance)
      .filter((name) => !namesIn(instance.cwd).includes(name))
      .map((name) => unknown(instance, name, namesIn(instance.cwd))),
  );
}

function commandsUsed(instance: InstancePlan): readonly string[] {
  if (instance.work.kind !== "prompt" || agentByName(instance.agent)?.capabilities.commands !== true) return [];
  return [...instance.work.before, instance.work.text].flatMap((text) => commandNameIn(text) ?? []);
}

/** The name of the slash command a text begins with, without the slash. */
export function commandNameIn(text: string): string | undefined {
  return /^\s*\/([A-Za-z0-9][\w:.-]*)(?=\s|$)/.exec(text)?.[1];
}

function unknown(instance: InstancePlan, name: string, known: readonly string[]): Obstacle {
  const near = nearest(name, known);
  return {
    code: "command-not-found",
    message: `${instance.name}: there is no command \`/${name}\` in ${instance.cwd} or among your own`,
    hint: `${near === undefined ? "`commands list` shows those there are" : `did you mean \`/${near}\`?`} (the model would get it as plain text, and that costs; \`--allow-unknown-commands\` sends it all the same)`,
  };
}
