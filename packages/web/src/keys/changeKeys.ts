import { beginsPair, keyGroups } from "./bindings.ts";
import { namesOf } from "./typedKeys.ts";

/** Keys that the browser, or moving about with the keyboard, needs for itself. */
const taken = /^(Tab|Enter|Escape| |Arrow\w+|Home|End|Page\w+|Shift|Control|Alt|Meta|Dead|Process|Unidentified)$/;

/** Why a key cannot be given to what has these; undefined where it can. Pure. */
export function whyNot(name: string, typed: string, changed: Readonly<Record<string, string>>): string | undefined {
  const last = typed.split("+").at(-1) ?? "";
  if (taken.test(last) || /^\d$/.test(typed))
    return `${shownKeys(typed, false)} has a use of its own: choose another key`;
  if (beginsPair(typed)) return `${typed} is the first of two keys: choose another key`;
  const known = new Map(keyGroups.flatMap(([, all]) => all).map(({ keys, what }) => [keys, what]));
  const other = namesOf(typed, changed).find((each) => each !== name && known.has(each));
  return other === undefined ? undefined : `${shownKeys(typed, false)} is taken: ${known.get(other) ?? other}`;
}

/** With another key for what has these, or the table's own again where there is none. Pure. */
export function withKeys(
  changed: Readonly<Record<string, string>>,
  name: string,
  typed: string | undefined,
): Readonly<Record<string, string>> {
  const { [name]: _before, ...rest } = changed;
  return typed === undefined || typed === name ? rest : { ...rest, [name]: typed };
}

/** As they are printed on a keyboard. Pure. */
export function shownKeys(keys: string, isMac: boolean): string {
  return keys
    .replace(/\+([a-z])$/, (_, letter: string) => `+${letter.toUpperCase()}`)
    .replace("mod+", isMac ? "⌘" : "Ctrl ")
    .replace("alt+", isMac ? "⌥" : "Alt ")
    .replace("shift+", "Shift ")
    .replace("Escape", "Esc");
}
