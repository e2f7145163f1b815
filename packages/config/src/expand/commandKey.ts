const longestKey = 200;

/** The slash command a prompt begins with, without its arguments: `/analyze` of `/analyze src; then more`. */
export function slashCommand(text: string): string | undefined {
  return /^\s*(\/[^\s;,]+)/.exec(text.slice(0, 1_000))?.[1];
}

/** What per-command budgets count a prompt under: its slash command, else the whole text where that is short. */
export function commandKeyOf(text: string): string | undefined {
  const key = slashCommand(text) ?? text.trim();
  return key.length <= longestKey ? key : undefined;
}

/** The name of an instance that has none: a short command as it stands, a long one without arguments, 30 characters of text. */
export function defaultName(text: string): string {
  const line = text
    .slice(0, 1_000)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  const slash = slashCommand(line);
  if (slash !== undefined && slash.length <= 100) return line.length <= 40 ? line : slash;
  return line.length > 30 ? `${line.slice(0, 30)}...` : line || "unnamed";
}

/** The description of an instance that has none. */
export function defaultDescription(text: string): string {
  const line = text
    .slice(0, 1_000)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  const slash = slashCommand(line);
  if (slash !== undefined) return `Execute ${slash}`;
  return `Execute prompt: ${line.length > 50 ? `${line.slice(0, 50)}...` : line}`;
}
