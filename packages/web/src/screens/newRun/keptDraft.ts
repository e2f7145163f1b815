import { emptyDraft, sources } from "./draft.ts";
import type { Draft } from "./draft.ts";

const key = "new-run-draft";

/** A browser keeps about five million characters for all of a site: a draft must not take them all. */
const mostCharacters = 1_000_000;

/** What was being written when the page was left; undefined where nothing was, or the browser keeps nothing. */
export function keptDraft(): Draft | undefined {
  try {
    return readDraft(localStorage.getItem(key));
  } catch {
    return undefined;
  }
}

/** False where the browser does not keep it. */
export function keepDraft(draft: Draft): boolean {
  try {
    const text = JSON.stringify(draft);
    if (text.length > mostCharacters) return false;
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/** Whatever stands there: of what is no draft, nothing is taken. Pure. */
export function readDraft(text: string | null): Draft | undefined {
  if (text === null) return undefined;
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return undefined;
  const fields = Object.entries(kept).filter(
    ([name, value]) => Object.hasOwn(emptyDraft, name) && typeof value === "string",
  );
  const draft: Draft = { ...emptyDraft, ...Object.fromEntries(fields) };
  return sources.includes(draft.source) ? draft : { ...draft, source: "text" };
}
