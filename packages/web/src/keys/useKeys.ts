import { useEffect, useRef } from "react";
import { useSettings } from "../settings/SettingsProvider.tsx";
import { beginsPair } from "./bindings.ts";
import { hasModifier, keyOf, namesOf } from "./typedKeys.ts";

export type KeyActions = Readonly<Record<string, () => void>>;

/** How long the second key of two may take. */
const togetherMs = 1_200;

export interface KeyScope {
  /** Asked after all others: a screen may have something of its own under the same key. */
  readonly isLast?: boolean;
  /** Where several could answer, whether it is this one's turn. */
  readonly isOn?: () => boolean;
}

/**
 * Calls the action whose keys were typed, by the names `bindings.ts` gives them ("g r", "mod+k", "?"), whatever somebody wants to
 * press instead. Nothing in a field, in a dialog but `mod+` keys, and nothing where single keys are turned off (WCAG 2.1.4), but keys
 * with a modifier.
 */
export function useKeys(actions: KeyActions, { isLast = false, isOn }: KeyScope = {}): void {
  const [settings] = useSettings();
  const current = useRef({ actions, settings, isOn });
  useEffect(() => {
    current.current = { actions, settings, isOn };
  });
  useEffect(() => {
    // An event comes to the window after it was everywhere in the document.
    const place = isLast ? window : document;
    let before = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: Event): void => {
      if (!(event instanceof KeyboardEvent) || event.defaultPrevented || event.isComposing) return;
      const { singleKeys, keys } = current.current.settings;
      const typed = keyOf(event);
      // The innermost one: of what happens in a shadow tree, `target` is only its host.
      const [target = null] = event.composedPath();
      if (!isHeard(typed, target, singleKeys)) return;
      // The second key of two means nothing else to anybody.
      const names = namesOf(beginsPair(before) ? `${before} ${typed}` : typed, keys);
      const name = names.find((each) => each in current.current.actions);
      clearTimeout(timer);
      before = typed;
      timer = setTimeout(() => (before = ""), togetherMs);
      if (name === undefined || current.current.isOn?.() === false) return;
      before = "";
      event.preventDefault();
      current.current.actions[name]?.();
    };
    place.addEventListener("keydown", onKeyDown);
    return () => {
      place.removeEventListener("keydown", onKeyDown);
      clearTimeout(timer);
    };
  }, [isLast]);
}

function isHeard(typed: string, target: EventTarget | null, singleKeys: boolean): boolean {
  if (!typed.startsWith("mod+") && isTakenUp(target)) return false;
  return singleKeys || hasModifier(typed);
}

/** What letters are written in, or choose by; a box that is ticked takes none. */
const writing = "input:not([type=checkbox], [type=radio]), textarea, select, dialog, [role=combobox]";

function isTakenUp(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest(writing) !== null;
}
