import { readdirSync, realpathSync, type Dirent } from "node:fs";
import { join, relative, sep } from "node:path";
import { readBoundedText, realPathInside, type BoundedText } from "../insideFolder.ts";

const mostFileBytes = 256 * 1024;
const mostFiles = 2_000;
const deepest = 8;

/** A file that makes a slash command. Its front matter is read elsewhere: here is only what lies on disk. */
export interface CommandFile extends BoundedText {
  readonly kind: "command" | "skill";
  readonly scope: "project" | "user";
  /** Relative to the folder of commands or skills, with slashes: `git/commit.md`, `my-skill/SKILL.md`. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
}

/**
 * The command files (`.claude/commands/**` + `/*.md`) and skills (`.claude/skills/*` + `/SKILL.md`) of a workspace and of the
 * person's home folder, sorted by path, the workspace's first. Links that lead out of their folder are not followed (the
 * person's own folder may itself be a link); files beyond 2,000, or nested more than 8 deep, are left out.
 */
export function discoverCommands(workspace: string, home: string | undefined): readonly CommandFile[] {
  const project = realPathInside(workspace, join(workspace, ".claude"));
  const user = home === undefined ? undefined : realPathOf(join(home, ".claude"));
  return [
    ...(project === undefined ? [] : filesOf(workspace, project, "project")),
    ...(user === undefined || user === project ? [] : filesOf(undefined, user, "user")),
  ];
}

function filesOf(fence: string | undefined, folder: string, scope: CommandFile["scope"]): readonly CommandFile[] {
  const rootOf = (name: string): string | undefined =>
    fence === undefined ? realPathOf(join(folder, name)) : realPathInside(fence, join(folder, name));
  const commands = rootOf("commands");
  const skills = rootOf("skills");
  const found: CommandFile[] = [];
  if (commands !== undefined) {
    for (const file of walk(commands, commands, deepest)) {
      if (file.endsWith(".md")) add(found, { kind: "command", scope, root: commands, file });
    }
  }
  if (skills !== undefined) {
    for (const file of walk(skills, skills, 2)) {
      if (/^[^/\\]+[/\\]SKILL\.md$/.test(relative(skills, file)))
        add(found, { kind: "skill", scope, root: skills, file });
    }
  }
  return found.toSorted((a, b) => (a.kind === b.kind ? compare(a.path, b.path) : compare(a.kind, b.kind)));
}

interface Candidate {
  readonly kind: CommandFile["kind"];
  readonly scope: CommandFile["scope"];
  readonly root: string;
  readonly file: string;
}

function add(found: CommandFile[], { kind, scope, root, file }: Candidate): void {
  const real = found.length < mostFiles ? realPathInside(root, file) : undefined;
  const read = real === undefined ? undefined : readBoundedText(real, mostFileBytes);
  if (read !== undefined) found.push({ kind, scope, file, path: relative(root, file).split(sep).join("/"), ...read });
}

/** Files below `folder`, those reached by links inside `root` included; the depth bounds circles of links. */
function* walk(root: string, folder: string, depth: number): Generator<string> {
  if (depth === 0) return;
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isFile()) yield path;
    else if (entry.isDirectory()) yield* walk(root, path, depth - 1);
    else if (entry.isSymbolicLink() && realPathInside(root, path) !== undefined) {
      if (entriesOf(path).length > 0) yield* walk(root, path, depth - 1);
      else yield path;
    }
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // No folder, or not ours to read: no commands in it.
    return [];
  }
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
