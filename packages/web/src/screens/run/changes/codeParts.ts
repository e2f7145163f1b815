import { tokenKinds } from "./codeTokens.ts";
import type { LineTokens, TokenKind } from "./codeTokens.ts";
import type { Range } from "./wordChanges.ts";

/** A part of a line that looks the same all over. */
export interface CodePart {
  readonly text: string;
  readonly kind: TokenKind | undefined;
  /** True: it is what differs from the line as it was. */
  readonly isChanged: boolean;
}

/** A line in parts that look the same: together they are the line, whatever tokens and marks there are. */
export function codeParts(text: string, tokens: LineTokens, changed: readonly Range[]): readonly CodePart[] {
  const cuts = new Set([0, text.length]);
  for (let at = 0; at + 2 < tokens.length; at += 3) cuts.add(tokens[at] ?? 0).add(tokens[at + 1] ?? 0);
  for (const { from, to } of changed) cuts.add(from).add(to);
  const places = [...cuts].filter((place) => place >= 0 && place <= text.length).toSorted((a, b) => a - b);
  return places.slice(1).map((to, index) => {
    const from = places[index] ?? 0;
    return {
      text: text.slice(from, to),
      kind: kindAt(tokens, from),
      isChanged: changed.some((range) => range.from <= from && to <= range.to),
    };
  });
}

function kindAt(tokens: LineTokens, place: number): TokenKind | undefined {
  for (let at = 0; at + 2 < tokens.length; at += 3) {
    if ((tokens[at] ?? 0) <= place && place < (tokens[at + 1] ?? 0)) return tokenKinds[tokens[at + 2] ?? -1];
  }
  return undefined;
}
