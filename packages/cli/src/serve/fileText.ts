import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { agents } from "@claude-orchestrator/agents";
import { loadPlan } from "@claude-orchestrator/config/file";
import type { FileProblem } from "@claude-orchestrator/protocol";
import { Refusal } from "@claude-orchestrator/server";
import type { Io } from "../io/channel.ts";
import { readConfig } from "../run/planFile.ts";
import { readFileTarget } from "../run/target.ts";
import { counted } from "../views/words.ts";

/** The text of a run's file, and the name it has in sentences. */
export interface FileText {
  readonly text: string;
  readonly shown: string;
  /** Absolute; absent for pasted text. */
  readonly path?: string;
}

/** What was pasted, or what the named file holds. @throws UserError file-not-readable; Refusal where its bytes are no text */
export async function readFileText(
  wish: { readonly file?: string | undefined; readonly text?: string | undefined },
  io: Io,
): Promise<FileText> {
  if (wish.text !== undefined) return { text: wish.text, shown: "the pasted file" };
  const { path, shown } = readFileTarget(wish.file ?? "", io.cwd);
  const decoded = await readConfig(path, shown);
  if ("text" in decoded) return { text: decoded.text, shown, path };
  const { line, column, message, hint } = decoded;
  throw fileRefusal(shown, [{ line, column, message, excerpt: "", ...(hint === undefined ? {} : { hint }) }]);
}

/** Everything that is wrong in a file by itself. Nothing of it is run or fetched. */
export function problemsOf({ text, shown, path }: FileText, io: Io): readonly FileProblem[] {
  const home = io.env["HOME"] ?? io.env["USERPROFILE"];
  const loaded = loadPlan(text, {
    fileName: shown,
    workspace: io.cwd,
    directory: path === undefined ? io.cwd : dirname(path),
    ...(home === undefined ? {} : { home }),
    defaultConcurrency: Math.max(4, availableParallelism() * 2),
    knownAgents: agents.map(({ name }) => name),
  });
  if ("plan" in loaded) return [];
  return loaded.problems.map(({ line, column, message, excerpt, hint }) => ({
    line,
    column,
    message,
    excerpt,
    ...(hint === undefined ? {} : { hint }),
  }));
}

/** @param what what was not done to it */
export function fileRefusal(
  shown: string,
  problems: readonly FileProblem[],
  what: "started" | "scheduled" = "started",
): Refusal {
  return new Refusal(
    422,
    "config-invalid",
    `${shown} has ${counted(problems.length, "problem")}, so nothing was ${what}`,
    {
      problems,
    },
  );
}
