import type { Plan } from "@claude-orchestrator/domain";
import { loadPlan } from "../loadPlan.ts";
import type { LoadOptions } from "../loadOptions.ts";
import { formatProblems, type Problem } from "../problems.ts";

export const testOptions: LoadOptions = {
  fileName: "fleet.yaml",
  directory: "/home/ada/project",
  workspace: "/home/ada/here",
  home: "/home/ada",
  defaultConcurrency: 8,
  knownAgents: ["claude", "codex", "gemini", "opencode", "command"],
};

/** The plan of a file that must be right. */
export function planOf(text: string, options: Partial<LoadOptions> = {}): Plan {
  const result = loadPlan(text, { ...testOptions, ...options });
  if ("plan" in result) return result.plan;
  throw new Error(formatProblems(result.problems));
}

/** The problems of a file; none where it is right. */
export function problemsOf(text: string, options: Partial<LoadOptions> = {}): readonly Problem[] {
  const result = loadPlan(text, { ...testOptions, ...options });
  return "plan" in result ? [] : result.problems;
}

/** `line:column sentence | hint` for each problem. */
export function sentencesOf(text: string, options: Partial<LoadOptions> = {}): readonly string[] {
  return problemsOf(text, options).map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? "" : ` | ${hint}`}`,
  );
}
