import type { PaletteItem } from "./items.ts";

type Named = Pick<PaletteItem, "title" | "detail">;

/** Those that fit what was typed, best first: at the beginning, at the beginning of a word, anywhere, else letter by letter. */
export function ranked<Item extends Named>(items: readonly Item[], text: string): readonly Item[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return items;
  return items
    .map((item) => ({
      item,
      score: Math.max(scoreOf(item.title, wanted), scoreOf(item.detail, wanted) - 1, byWord(item, wanted)),
    }))
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

/** "stop run_0123456789": each word somewhere, in the title or beside it. */
function byWord({ title, detail }: Named, wanted: string): number {
  const text = `${title} ${detail}`.toLowerCase();
  const words = wanted.split(/\s+/);
  return words.length > 1 && words.every((word) => text.includes(word)) ? 5 : 0;
}

function hasInOrder(text: string, wanted: string): boolean {
  let at = 0;
  for (const letter of wanted) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
