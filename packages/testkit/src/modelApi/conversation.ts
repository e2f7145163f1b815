import type { JsonObject } from "@claude-orchestrator/domain";

export type ApiName = "anthropic" | "openai-responses" | "openai-chat" | "gemini";

/** A request as every dialect means it: what a scenario decides on. */
export interface Conversation {
  readonly api: ApiName;
  readonly model: string;
  readonly stream: boolean;
  /** Model turns since the last prompt a person (or a parent agent) wrote. 0: the prompt has not been answered yet. */
  readonly turn: number;
  /** Model turns in the whole conversation, earlier prompts of a resumed session included. */
  readonly turns: number;
  /** What the person wrote, oldest first, each as one text with everything the CLI put around it. */
  readonly prompts: readonly string[];
  readonly system: string;
  readonly tools: readonly ToolOffer[];
  /** What the tools answered since the last model turn. */
  readonly toolResults: readonly string[];
  /** The schema the answer must fit, where the request itself names one. */
  readonly outputSchema?: JsonObject;
}

export interface ToolOffer {
  readonly name: string;
  readonly schema: JsonObject;
  /** Takes free text instead of JSON (OpenAI's custom tools). */
  readonly custom: boolean;
}

/** A prompt without what a CLI wraps around it (`<system-reminder>` blocks) and without our own `[[mock:…]]` markers. */
export function bareText(prompt: string): string {
  return prompt
    .replaceAll(/<system-reminder>[\s\S]*?<\/system-reminder>\n?/g, "")
    .replaceAll(/\[\[mock:[\w-]+\]\][ \n]?/g, "")
    .trim();
}

export function firstPrompt(conversation: Conversation): string {
  return conversation.prompts[0] ?? "";
}

export function lastPrompt(conversation: Conversation): string {
  return conversation.prompts.at(-1) ?? "";
}

/** The folder the CLI says it works in; undefined where it does not say. Spaces are kept. */
export function workingDirectory(conversation: Conversation): string | undefined {
  const said = /(?:working directory|working in the directory|cwd)[^/\n]{0,12}?[>:]?\s*[`"']?(\/[^\n"'`<]+)/i;
  const found = said.exec(conversation.system) ?? said.exec(conversation.prompts.join("\n"));
  return found?.[1]?.trim();
}
