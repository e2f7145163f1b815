import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import { channels, isChannel, pinnedRoot, rootProblem } from "@claude-orchestrator/update";
import type { Channel } from "@claude-orchestrator/update";
import type { Io } from "../io/channel.ts";
import { stateFolder } from "../schedule/stateFolder.ts";

type Place = Pick<Io, "env" | "cwd">;

/** What is believed by itself, and where what was believed last is kept. */
export interface Trust {
  readonly root: string;
  readonly folder: string;
}

/** Where all that updates remember is kept for a person. */
export function updateFolder(io: Place): string {
  return join(stateFolder(io), "update");
}

export function newsFile(io: Place): string {
  return join(updateFolder(io), "news.json");
}

/** @throws UserError usage */
export function channelOf({ env }: Place, flag: string | undefined): Channel {
  const word = flag ?? wordOf(env["CLAUDE_ORCHESTRATOR_UPDATE_CHANNEL"]) ?? "stable";
  if (isChannel(word)) return word;
  throw new UserError("usage", `There is no channel \`${word}\``, { hint: `one of ${channels.join(", ")}` });
}

/**
 * The root metadata to believe: a file a person names, for a repository of their own, else the one pinned in the program. What was
 * believed under one root says nothing under another.
 *
 * @throws UserError update-refused, and what `namedRoot` throws
 */
export async function trustOf(io: Place): Promise<Trust> {
  const named = await namedRoot(io);
  if (named !== undefined) {
    const name = createHash("sha256").update(named).digest("hex").slice(0, 16);
    return { root: named, folder: join(updateFolder(io), `trust-${name}`) };
  }
  const root = pinnedRoot();
  if (root !== undefined) return { root, folder: join(updateFolder(io), "trust") };
  throw new UserError(
    "update-refused",
    "This build of the program has no root of trust, so no update can be believed",
    {
      hint: "name the root metadata of a repository of your own with CLAUDE_ORCHESTRATOR_UPDATE_ROOT=FILE, or install the newer version by hand (`claude-orchestrator verify` checks it)",
    },
  );
}

/** The root metadata a person names, for a repository of their own. @throws UserError file-not-readable; usage, where it is none */
export async function namedRoot({ env, cwd }: Place): Promise<string | undefined> {
  const named = wordOf(env["CLAUDE_ORCHESTRATOR_UPDATE_ROOT"]);
  if (named === undefined) return undefined;
  const file = resolve(cwd, named);
  const text = readRoot(file);
  const problem = await rootProblem(text);
  if (problem === undefined) return text;
  throw new UserError("usage", `${file} is no root metadata of The Update Framework: ${problem}`, {
    hint: "CLAUDE_ORCHESTRATOR_UPDATE_ROOT names it: let it name a root of the repository you believe, such as `updates/metadata/1.root.json` of its releases",
  });
}

function readRoot(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError("file-not-readable", `The root metadata ${file} cannot be read`, {
      hint: "CLAUDE_ORCHESTRATOR_UPDATE_ROOT names it",
      cause: error,
    });
  }
}

/** An empty variable is none. */
export function wordOf(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : value;
}
