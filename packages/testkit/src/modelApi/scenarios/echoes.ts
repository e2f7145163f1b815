import { bareText, firstPrompt, lastPrompt, type Conversation } from "../conversation.ts";
import type { Scenarios } from "../scenario.ts";
import { say } from "../step.ts";

const headChars = 2000;
const tailChars = 6000;

/** Both ends of a long text: where CLIs put their own words, and where they append ours. */
function excerpt(text: string): string {
  if (text.length <= headChars + tailChars) return text;
  return `${text.slice(0, headChars)}\n[… ${text.length - headChars - tailChars} characters …]\n${text.slice(-tailChars)}`;
}

function recall(conversation: Conversation): string {
  const earlier = conversation.prompts.slice(0, -1).map((prompt) => bareText(prompt));
  return JSON.stringify({
    turns_before: conversation.turns,
    earlier_prompts: earlier,
    prompt: bareText(lastPrompt(conversation)),
  });
}

/** The answer is made of the request: proof of what arrived at the model. */
export const echoes = {
  echo: {
    about: "answers with the last prompt, less reminders of the CLI and [[mock:…]] markers",
    step: ({ conversation }) => say(bareText(lastPrompt(conversation))),
  },
  "first-user": {
    about: "answers with an excerpt of the system prompt and the whole first prompt, reminders included",
    step: ({ conversation }) =>
      say(`SYSTEM PROMPT\n${excerpt(conversation.system)}\nFIRST USER MESSAGE\n${firstPrompt(conversation)}`),
  },
  recall: {
    about: "answers with JSON: turns and prompts it has seen before this one (proof of a resumed session)",
    step: ({ conversation }) => say(recall(conversation)),
  },
  "tool-names": {
    about: "answers with the names of the tools the request offers, one a line",
    step: ({ conversation }) => say(conversation.tools.map((tool) => tool.name).join("\n")),
  },
} satisfies Scenarios;
