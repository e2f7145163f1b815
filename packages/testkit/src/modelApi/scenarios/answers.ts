import { always, type Scenarios } from "../scenario.ts";
import { message, say } from "../step.ts";

const cached = { input: 12, output: 350, cacheWrite: 18_000, cacheRead: 5_500 };

/** Plain answers: one reply, no tools. */
export const answers = {
  text: always("one short answer", say("Hello from the stand-in model.")),
  cache: always(
    "an answer whose usage has cache reads and writes",
    say("Answer with cache tokens.", { usage: cached }),
  ),
  thinking: always(
    "a thinking block, then the answer",
    message([{ kind: "thinking", text: "Let me think about this." }, "Thought and answered."], {
      usage: { output: 120 },
    }),
  ),
  json: always("an answer that is JSON in a code fence", say('```json\n{"ok": true, "n": 3}\n```')),
  "max-tokens": always(
    "an answer cut off at the output limit",
    say("This was cut", { stop: "max_tokens", usage: { output: 32_000 } }),
  ),
  refusal: always("the model declines: stop reason refusal, no content", message([], { stop: "refusal" })),
  empty: always("a reply without any content", message([], { usage: { output: 1 } })),
} satisfies Scenarios;
