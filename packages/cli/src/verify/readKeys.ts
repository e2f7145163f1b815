import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import { parsePublicKey, pinnedKeys } from "@claude-orchestrator/update";
import type { ReleaseKey } from "@claude-orchestrator/update";

const largestKeyFile = 2048;

/** The keys a person names, themselves or by file; those of this program where none is named. @throws UserError usage */
export async function readKeys(words: readonly string[], cwd: string): Promise<readonly ReleaseKey[]> {
  if (words.length === 0) return pinnedKeys();
  return Promise.all(words.map((word) => readKey(word, cwd)));
}

async function readKey(word: string, cwd: string): Promise<ReleaseKey> {
  const given = parsePublicKey(word);
  const key = "problem" in given ? parsePublicKey((await textOf(resolve(cwd, word))) ?? word) : given;
  if ("problem" in key) {
    throw new UserError("usage", `\`--key ${word}\` is no key: ${key.problem}`, {
      hint: "give the line that begins with RW, or the .pub file it is in",
    });
  }
  const isTest = pinnedKeys().some(({ id, isTest: test }) => test && id === key.id);
  return { ...key, isTest };
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return (await stat(file)).size > largestKeyFile ? undefined : await readFile(file, "utf8");
  } catch {
    return undefined;
  }
}
