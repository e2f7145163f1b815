import { UserError } from "@claude-orchestrator/domain";
import type { FlagSpec } from "./command.ts";

/** Flags that mean the same in every command that has them. */
export const jsonFlag = { type: "switch", about: "Print JSON instead of text" } as const satisfies FlagSpec;

export const runsFolderFlag = {
  type: "text",
  value: "FOLDER",
  about: "Where runs are kept (else CLAUDE_ORCHESTRATOR_RUNS, else .orchestrator/runs)",
  complete: "folder",
} as const satisfies FlagSpec;

export const serverFlag = {
  type: "text",
  value: "URL",
  about: "Ask the server there instead, with the token in CLAUDE_ORCHESTRATOR_TOKEN",
  complete: "none",
} as const satisfies FlagSpec;

export const pasteFlag = {
  type: "switch",
  about: "With --server: send the text of the file that is here, instead of naming one there",
} as const satisfies FlagSpec;

export const agentPathFlag = {
  type: "list",
  value: "AGENT=PATH",
  about: "Use this program for an agent",
} as const satisfies FlagSpec;

/** Reads `NAME=VALUE` words. @throws UserError usage */
export function readPairs(flag: string, words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    words.map((word) => {
      const at = word.indexOf("=");
      if (at < 1) throw new UserError("usage", `\`--${flag}\` needs NAME=VALUE, not \`${word}\``);
      return [word.slice(0, at), word.slice(at + 1)] as const;
    }),
  );
}
