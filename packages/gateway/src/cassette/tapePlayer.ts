import { wholeText } from "./askedText.ts";
import type { Interaction, RecordedAnswer } from "./interaction.ts";

/**
 * One instance's tape while it is played. What is asked in the same words is answered in the recorded order; whatever else comes
 * between does not matter, since sub-agents ask side by side.
 */
export class TapePlayer {
  readonly #unused: { readonly text: string; readonly interaction: Interaction }[];
  /** The last answer to each text. */
  readonly #used = new Map<string, RecordedAnswer>();
  readonly length: number;

  constructor(interactions: readonly Interaction[]) {
    this.#unused = interactions.map((interaction) => ({ text: wholeText(interaction.asked), interaction }));
    this.length = interactions.length;
  }

  /** The next answer to these words. @param isAgain true: where there is none left, the last one is given again */
  take(text: string, isAgain: boolean): RecordedAnswer | undefined {
    const at = this.#unused.findIndex((each) => each.text === text);
    if (at === -1) return isAgain ? this.#used.get(text) : undefined;
    const [found] = this.#unused.splice(at, 1);
    if (found === undefined) return undefined;
    this.#used.set(text, found.interaction.answer);
    return found.interaction.answer;
  }

  /** Of those not answered yet, the one that has the most lines in common with these words; the first of several. */
  closest(text: string): Interaction | undefined {
    const lines = new Set(text.split("\n"));
    const scored = this.#unused.map((each) => ({
      ...each,
      common: each.text.split("\n").reduce((sum, line) => sum + (lines.has(line) ? 1 : -1), 0),
    }));
    return scored.reduce<(typeof scored)[number] | undefined>(
      (best, each) => (best === undefined || each.common > best.common ? each : best),
      undefined,
    )?.interaction;
  }
}
