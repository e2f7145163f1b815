import type { Need } from "@claude-orchestrator/domain";

/** `when` of a need: one of three words, or an expression (with or without `${{ }}`), which begins `shift` into the text. */
export function parseWhen(text: string): { readonly when: Need["when"]; readonly shift: number } {
  const word = text.trim();
  if (word === "success" || word === "failure" || word === "always") return { when: word, shift: 0 };
  const wrapped = /^(\s*\$\{\{)([\s\S]*)\}\}\s*$/.exec(text);
  const inner = wrapped?.[2];
  if (inner === undefined || inner.includes("${{")) return { when: { expression: text }, shift: 0 };
  return { when: { expression: inner }, shift: wrapped?.[1]?.length ?? 0 };
}
