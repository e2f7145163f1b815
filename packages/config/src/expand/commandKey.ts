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

/** The beginning of a text on one line, without what may not stand in a name. */
export function oneLine(text: string): string {
  return cutAt(text, 1_000)
    .toWellFormed()
    .replace(/[\s\p{Cc}\p{Bidi_Control}]+/gu, " ")
    .trim();
}

/** At most this many UTF-16 units of a text; a surrogate pair is never cut through. */
export function cutAt(text: string, units: number): string {
  const cut = text.slice(0, units);
  return cut.length < text.length ? cut.replace(/[\ud800-\udbff]$/, "") : cut;
}

/** The name of an instance that has none: a short command as it stands, a long one without arguments, 30 characters of text. */
export function defaultName(text: string): string {
  const line = oneLine(text);
  const slash = slashCommand(line);
  if (slash !== undefined && slash.length <= 100) return line.length <= 40 ? line : slash;
  return line.length > 30 ? `${cutAt(line, 30)}...` : line || "unnamed";
}

/** The description of an instance that has none. */
export function defaultDescription(text: string): string {
  const line = oneLine(text);
  const slash = slashCommand(line);
  if (slash !== undefined) return `Execute ${slash}`;
  return `Execute prompt: ${line.length > 50 ? `${cutAt(line, 50)}...` : line}`;
}
