import { shellWord } from "@claude-orchestrator/domain";

/** A word exactly, on one line: with `$'…'` (bash, zsh, ksh) where it has line breaks or other control characters. */
export function exactWord(text: string): string {
  if (!/\p{Cc}/u.test(text)) return shellWord(text);
  const escaped = text.replace(/[\\']/g, String.raw`\$&`).replace(/\p{Cc}/gu, (control) => {
    const named: Readonly<Record<string, string>> = {
      "\n": String.raw`\n`,
      "\t": String.raw`\t`,
      "\r": String.raw`\r`,
    };
    return named[control] ?? `\\u${(control.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
  return `$'${escaped}'`;
}
