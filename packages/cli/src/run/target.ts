import { type Stats, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { nearest } from "@claude-orchestrator/config";
import { UserError } from "@claude-orchestrator/domain";

/** What `run` was given: one file, or prompts. */
export type Target =
  | { readonly kind: "file"; readonly path: string; readonly shown: string }
  | { readonly kind: "prompts"; readonly prompts: readonly string[] };

/**
 * Tells a file from a prompt. What exists is a file; what looks like a path and does not exist is refused with the nearest
 * name, so that a mistyped path never starts anything; the rest are prompts. A slash command takes the words after it as
 * its arguments, as a shell hands them over.
 *
 * @throws UserError usage, file-not-readable
 */
export function readTarget(words: readonly string[], cwd: string): Target {
  const [first, ...rest] = words;
  if (first === undefined || words.every((word) => word.trim() === "")) {
    const here = ["orchestrator.yaml", "orchestrator.yml", "orchestrator.json"].find((name) =>
      isFile(resolve(cwd, name)),
    );
    throw new UserError("usage", "There is nothing to run: neither a file nor a prompt was given", {
      hint:
        here === undefined
          ? 'name a file (`orchestrator.yaml`) or give a prompt (`"Explain src/main.ts"`); `init` writes a first file'
          : `did you mean the file \`${here}\`, which is here?`,
    });
  }
  if (isFile(resolve(cwd, first)) && !isCommandWord(first)) {
    if (rest.length > 0) {
      throw new UserError("usage", `\`${first}\` is a file, and so nothing can follow it but flags`, {
        hint: `to run several files, start them one by one; to give a prompt that names a file, put it in one pair of quotes`,
      });
    }
    return { kind: "file", path: resolve(cwd, first), shown: first };
  }
  for (const word of isCommandWord(first) ? [] : words) refusePath(word, cwd);
  const isOneCommand = isCommandWord(first) && rest.every((word) => !/\s/.test(word) && !isCommandWord(word));
  return { kind: "prompts", prompts: isOneCommand ? [words.join(" ")] : words };
}

/** The file of a command that takes no prompt. @throws UserError file-not-readable */
export function readFileTarget(word: string, cwd: string): Extract<Target, { kind: "file" }> {
  if (isFile(resolve(cwd, word))) return { kind: "file", path: resolve(cwd, word), shown: word };
  if (isFolder(resolve(cwd, word))) throw isAFolder(word);
  const near = nearestFile(word, cwd);
  throw new UserError("file-not-readable", `There is no file \`${word}\``, {
    hint: near === undefined ? "name a YAML or JSON file; `init` writes a first one" : `did you mean \`${near}\`?`,
  });
}

function isAFolder(word: string): UserError {
  return new UserError("file-not-readable", `\`${word}\` is a folder`, { hint: "name the file in it" });
}

/** `/review`, `/git:commit`: a name and nothing else after the slash. */
function isCommandWord(word: string): boolean {
  return /^\/[A-Za-z0-9][\w:-]*$/.test(word);
}

function refusePath(word: string, cwd: string): void {
  if (word.trim() !== word || /\s/.test(word)) return;
  if (isFolder(resolve(cwd, word))) throw isAFolder(word);
  const looksLikePath = /\.(ya?ml|jsonc?)$/i.test(word) || word.includes("/") || word.includes("\\");
  const near = nearestFile(word, cwd);
  if (!looksLikePath && near === undefined) return;
  throw new UserError("file-not-readable", `There is no file \`${word}\``, {
    hint: `${near === undefined ? "" : `did you mean \`${near}\`? `}A prompt of one word that looks like a file's name can be given with \`--prompt\``,
  });
}

/** A file in the same folder whose name is nearly this one, or this one with an ending. */
function nearestFile(word: string, cwd: string): string | undefined {
  const folder = dirname(resolve(cwd, word));
  const names = filesIn(folder).filter((name) => /\.(ya?ml|jsonc?)$/i.test(name));
  const wanted = basename(word);
  const withEnding = names.find((name) => name.replace(/\.[a-z]+$/i, "") === wanted.replace(/\.(ya?ml|jsonc?)$/i, ""));
  const found = withEnding ?? (/\.(ya?ml|jsonc?)$/i.test(wanted) ? nearest(wanted, names) : undefined);
  return found === undefined ? undefined : join(dirname(word), found);
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No such folder: then there is no name near to the one given.
    return [];
  }
}

/** What may not be looked at is taken for a file: whoever reads it says why it cannot. */
function isFile(path: string): boolean {
  const entry = lookAt(path);
  return entry === "not allowed" || (entry !== undefined && !entry.isDirectory());
}

function isFolder(path: string): boolean {
  const entry = lookAt(path);
  return typeof entry === "object" && entry.isDirectory();
}

/** Undefined also for words that can name nothing: most prompts are longer than a file's name may be. */
function lookAt(path: string): Stats | "not allowed" | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "EACCES" || code === "EPERM" ? "not allowed" : undefined;
  }
}
