/** What a runner of GitHub Actions may pass over before or inside the signs of a command: blanks, controls, invisible signs. */
const between = String.raw`[[\s\p{Cc}\p{Default_Ignorable_Code_Point}]--[\r\n\u2028\u2029]]*`;
const atLineStart = new RegExp(`^(${between})(?=:${between}:)`, "gmv");
const anywhere = new RegExp(`#${between}#${between}(?=\\[)`, "gv");

/**
 * Text that GitHub Actions reads as text: a runner takes a line that begins with `::`, and any line with `##[`, for a command
 * (`::add-mask::`, `::error::`). A backslash breaks both; an invisible sign would not do, since comparing text may pass over it.
 */
export function breakWorkflowCommands(text: string): string {
  if (!text.includes(":") && !text.includes("#")) return text;
  return text.replace(atLineStart, "$1\\").replace(anywhere, "$&\\");
}
