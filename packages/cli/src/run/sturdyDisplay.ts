import type { Channel } from "../io/channel.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import type { Display } from "./display.ts";

/** A display whose own bug takes only itself away: that is told once, and what it shows goes on without it. */
export function sturdyDisplay(display: Display, talk: Channel): Display {
  let isBroken = false;
  const attempt = (show: () => void): void => {
    if (isBroken) return;
    try {
      show();
    } catch (error) {
      isBroken = true;
      display.end();
      const why = cleanLine(error instanceof Error ? error.message : String(error));
      talk.write(`${talk.paint("warn", "warning:")} this view has failed and shows nothing more: ${why}\n`);
    }
  };
  return {
    show: (events) => attempt(() => display.show(events)),
    recall: (events) => attempt(() => display.recall(events)),
    print: (text) => (isBroken ? talk.write(text) : display.print(text)),
    notice: (text) => attempt(() => display.notice(text)),
    end: () => {
      if (!isBroken) display.end();
    },
  };
}
