import type { PaletteItem } from "./items.ts";

/** Those that fit what was typed, best first: at the beginning, at the beginning of a word, anywhere, else letter by letter. */
export function ranked(items: readonly PaletteItem[], text: string): readonly PaletteItem[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return items;
  return items
    .map((item) => ({ item, score: Math.max(scoreOf(item.title, wanted), scoreOf(item.detail, wanted) - 1) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

function scoreOf(title: string, wanted: string): number {
  const text = title.toLowerCase();
  const at = text.indexOf(wanted);
  if (at === 0) return 8;
  if (at > 0) return /[\s/_-]/.test(text[at - 1] ?? "") ? 6 : 4;
  return hasInOrder(text, wanted) ? 2 : 0;
}

function hasInOrder(text: string, wanted: string): boolean {
  let at = 0;
  for (const letter of wanted) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
