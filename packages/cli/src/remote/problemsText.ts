import type { FileProblem } from "@claude-orchestrator/protocol";

/** Everything that a server found wrong in a file, each with its place, as for a file that is here. */
export function problemsText(problems: readonly FileProblem[]): string {
  return problems
    .map(({ line, column, message, excerpt, hint }) => {
      const lines = [`${line}:${column}: ${message}`, ...excerpt.split("\n").map((each) => `    ${each}`)];
      return [...lines, ...(hint === undefined ? [] : [`  hint: ${hint}`])].join("\n");
    })
    .join("\n\n");
}
