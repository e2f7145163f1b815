import { useEffect, useMemo, useState } from "react";
import type { LineTokens } from "./codeTokens.ts";
import { Highlighting } from "./highlighting.ts";
import type { HighlightAnswer } from "./highlighting.ts";
import { hunkSides, tokensByLine } from "./hunkSides.ts";
import { languageOf } from "./languageOf.ts";
import type { DiffLine } from "./parseDiff.ts";

/** More than this is read without colours. */
const mostCharacters = 500_000;

const none: ReadonlyMap<number, LineTokens> = new Map();

/** One worker for all files that are shown; it is started when the first is to be read, and ends with the screen. */
export function useHighlighting(): Highlighting {
  const highlighting = useMemo(
    () =>
      new Highlighting((heard, failed) => {
        const worker = new Worker(new URL("highlight.worker.ts", import.meta.url), { type: "module" });
        worker.addEventListener("message", ({ data }: MessageEvent<HighlightAnswer>) => heard(data));
        worker.addEventListener("error", failed);
        return {
          ask: (question) => worker.postMessage(question, { transfer: [] }),
          end: () => worker.terminate(),
        };
      }),
    [],
  );
  useEffect(() => () => highlighting.end(), [highlighting]);
  return highlighting;
}

/** The tokens of a file's lines by their place in the list; none until they are read, and where its language is not known. */
export function useLineTokens(
  highlighting: Highlighting,
  path: string,
  lines: readonly DiffLine[],
): ReadonlyMap<number, LineTokens> {
  const [read, setRead] = useState<{ readonly of: readonly DiffLine[]; readonly tokens: typeof none }>();
  useEffect(() => {
    const language = languageOf(path);
    const sides = language === undefined ? [] : hunkSides(lines);
    const size = sides.reduce((sum, { text }) => sum + text.length, 0);
    if (language === undefined || size === 0 || size > mostCharacters) return undefined;
    const texts = sides.map(({ text }) => text);
    return highlighting.ask(language, texts, (tokens) => setRead({ of: lines, tokens: tokensByLine(sides, tokens) }));
  }, [highlighting, path, lines]);
  return read?.of === lines ? read.tokens : none;
}
