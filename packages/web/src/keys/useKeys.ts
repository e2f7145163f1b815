import { useEffect, useRef } from "react";

export type KeyActions = Readonly<Record<string, () => void>>;

/** How long the second key of two may take. */
const togetherMs = 1_200;

/**
 * Calls the action whose keys were typed, by the names `bindings.ts` gives them ("g r", "mod+k", "?"). Nothing in a field, in
 * a dialog but `mod+` keys, and nothing where single keys are turned off (WCAG 2.1.4), but keys with a modifier.
 */
export function useKeys(actions: KeyActions): void {
  const current = useRef(actions);
  useEffect(() => {
    current.current = actions;
  });
  useEffect(() => {
    let before = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const typed = keyOf(event);
      const needsMore = !typed.includes("mod+");
      // The innermost one: of what happens in a shadow tree, `target` is only its host.
      const [target = null] = event.composedPath();
      if (needsMore && (isTakenUp(target) || !singleKeysOn())) return;
      const pair = before === "" ? typed : `${before} ${typed}`;
      const action = current.current[pair] ?? current.current[typed];
      clearTimeout(timer);
      before = typed;
      timer = setTimeout(() => (before = ""), togetherMs);
      if (action === undefined) return;
      before = "";
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      clearTimeout(timer);
    };
  }, []);
}

/** "k", "?", "shift+y", "mod+k": `mod` is Command on a Mac, Control elsewhere. */
export function keyOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  const isLetter = /^[a-z]$/i.test(key);
  const name = key.length === 1 ? key.toLowerCase() : key;
  return [ctrlKey || metaKey ? "mod" : "", altKey ? "alt" : "", shiftKey && isLetter ? "shift" : "", name]
    .filter((part) => part !== "")
    .join("+");
}

function isTakenUp(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest("input, textarea, select, dialog, [role=combobox]") !== null;
}

const switchKey = "single-keys";

export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(switchKey) !== "off";
  } catch {
    return true;
  }
}

export function turnSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(switchKey, on ? "on" : "off");
  } catch {
    // Then they stay as they are.
  }
}
