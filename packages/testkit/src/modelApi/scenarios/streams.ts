import { always, untilRetried, type Scenarios } from "../scenario.ts";
import { say, type MessageStep, type Step } from "../step.ts";

function words(count: number, prefix: string): string {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`).join(" ");
}

const cutStream: MessageStep = say(words(50, "w"), { pace: { pieces: 50, pieceMs: 20 }, cutAfter: 10 });
const overloaded: Step = { kind: "stream-error", type: "overloaded_error", message: "Overloaded" };

/** What happens to the stream itself: slow, cut, broken, never there. */
export const streams = {
  long: always(
    "200 words over 20 s",
    say(words(200, "word"), { pace: { pieces: 200, pieceMs: 100 }, usage: { output: 400 } }),
  ),
  "long-fast": always(
    "2000 words over a second",
    say(words(2000, "word"), { pace: { pieces: 400, pieceMs: 2 }, usage: { output: 4000 } }),
  ),
  slow: always("nothing for 8 s, then the answer", say("slow answer", { pace: { firstMs: 8000 } })),
  hang: always("takes the request and never answers", { kind: "hang" }),
  hold: always("answers only after the test calls release()", { kind: "held", then: say("Released.") }),
  cut: always("a stream that breaks off after ten pieces; whole where not streamed", cutStream),
  "cut-once": untilRetried(
    "a stream that breaks off once, then an answer",
    1,
    cutStream,
    say("OK after a cut stream."),
  ),
  "stream-error": always("HTTP 200, then an error event", overloaded),
  "stream-error-once": untilRetried(
    "an error event once, then an answer",
    1,
    overloaded,
    say("OK after a stream error."),
  ),
} satisfies Scenarios;
