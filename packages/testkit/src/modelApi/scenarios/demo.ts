import { bareText, lastPrompt } from "../conversation.ts";
import type { Scenarios, StepContext } from "../scenario.ts";
import { call, message, say, type Pace, type Step, type StepUsage } from "../step.ts";
import { stories, type Scene, type Story, type StoryTurn } from "./stories.ts";

/** What a CLI sends before anybody has said a word: its instructions and tools. Written to the cache by the first turn. */
const preludeTokens = 14_200;
/** What one turn adds to the conversation: the tools' answers and the model's own words. */
const tokensPerTurn = 640;

function tell({ conversation, turn: turnsSoFar }: StepContext): Step {
  const task = conversation.prompts.findLast(isTask) ?? "";
  // A notice that background work has ended comes as a prompt: what is left to tell then is the story's end.
  const turn = task === lastPrompt(conversation) ? turnsSoFar : Number.MAX_SAFE_INTEGER;
  const scene = { prompt: bareText(task), toolResults: conversation.toolResults };
  const story = stories.find(({ match }) => scene.prompt.toLowerCase().includes(match));
  if (story === undefined) return say(unknownTask(scene.prompt), { pace: paceOf(40), usage: usageOf(0, 40) });
  return tellTurn(story, Math.min(turn, story.turns.length - 1), scene);
}

function isTask(prompt: string): boolean {
  return bareText(prompt) !== "" && !prompt.includes("<task-notification>");
}

function tellTurn(story: Story, index: number, scene: Scene): Step {
  const turn: StoryTurn = story.turns[index] ?? {};
  const text = typeof turn.say === "function" ? turn.say(scene) : (turn.say ?? "");
  const calls = typeof turn.calls === "function" ? turn.calls(scene) : (turn.calls ?? []);
  const words = Math.ceil((text.length + JSON.stringify(calls).length) / 4);
  return message([...(text === "" ? [] : [text]), ...calls.map(call)], {
    pace: paceOf(words),
    usage: usageOf(index, words),
  });
}

/** As a real conversation is billed: the prelude is written to the cache once, then read, while new turns are written. */
function usageOf(turn: number, outputTokens: number): StepUsage {
  return {
    input: 4,
    output: outputTokens,
    cacheRead: turn === 0 ? 0 : preludeTokens + (turn - 1) * tokensPerTurn,
    cacheWrite: turn === 0 ? preludeTokens : tokensPerTurn,
  };
}

/** Slow enough to watch, quick enough not to bore: 0.4 s to the first word, then about 100 tokens a second. */
function paceOf(tokens: number): Pace {
  const pieces = Math.max(2, Math.min(12, Math.ceil(tokens / 8)));
  return { firstMs: 400, pieceMs: 60, pieces };
}

function unknownTask(prompt: string): string {
  const begin = prompt.length > 80 ? `${prompt.slice(0, 80)}…` : prompt;
  return `This answer is scripted: the stand-in model has no story for the task "${begin}".`;
}

/** The quickstart's model: plausible work on the sample workspace, with real tools and a human pace. */
export const demo = {
  demo: { about: "the quickstart: recognises its tasks and tells their stories (see stories.ts)", step: tell },
} satisfies Scenarios;
