import { highlightCode } from "./highlightCode.ts";
import type { HighlightQuestion } from "./highlighting.ts";

addEventListener("message", ({ data }: MessageEvent<HighlightQuestion>) => {
  const { number, language, texts } = data;
  postMessage({ number, tokens: texts.map((text) => highlightCode(text, language)) });
});
