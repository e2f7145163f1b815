type Typed = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** "k", "?", "shift+y", "alt+n", "mod+k": `mod` is Command on a Mac, Control elsewhere. Pure. */
export function keyOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: Typed): string {
  // With Alt, keyboards write other letters than are printed on them.
  const printed = altKey ? /^(?:Key|Digit)([A-Z0-9])$/.exec(code)?.[1] : undefined;
  const letter = printed ?? key;
  const isLetter = /^[a-z]$/i.test(letter);
  const name = letter.length === 1 ? letter.toLowerCase() : letter;
  return [ctrlKey || metaKey ? "mod" : "", altKey ? "alt" : "", shiftKey && isLetter ? "shift" : "", name]
    .filter((part) => part !== "")
    .join("+");
}

/** Whether it is held together with a key that writes nothing: those are never turned off. Pure. */
export function hasModifier(typed: string): boolean {
  return /^(mod|alt)\+/.test(typed);
}

/** The names of the table that what was typed stands for: what was given other keys is called by those only. Pure. */
export function namesOf(typed: string, changed: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.entries(changed).flatMap(([name, keys]) => (keys === typed ? [name] : []));
  return typed in changed ? names : [...names, typed];
}
