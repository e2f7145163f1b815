import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";
import type { Conversation } from "./conversation.ts";
import type { MessageStep, Step } from "./step.ts";
import { mapCall } from "./toolMapping.ts";

/** How one vendor's API says things: pure, requests in, JSON and stream frames out. */
export interface Dialect {
  /** `path` is the URL's path without a scenario prefix: Gemini names the model and the verb there. */
  readonly read: (body: JsonObject, path: string) => Conversation;
  readonly whole: (answer: Answer) => JsonValue;
  readonly frames: (answer: Answer) => readonly Frame[];
  readonly refusal: (error: ApiError) => { readonly status: number; readonly body: JsonValue };
  /** What is sent after HTTP 200 when the stream itself fails. */
  readonly streamError: (error: ApiError) => readonly Frame[];
  /** What replaces the scenario's answer for a side request (a router, a title); undefined for an ordinary request. */
  readonly sideAnswer?: (body: JsonObject) => MessageStep | undefined;
}

/** One server-sent event. */
export interface Frame {
  readonly event?: string;
  readonly data: JsonValue;
  /** A piece of content: the stream pauses after it, and a cut is counted in these. */
  readonly piece?: true;
}

export interface ApiError {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

/** A message ready to be said: tool calls have names and ids. */
export interface Answer {
  readonly conversation: Conversation;
  readonly message: MessageStep;
  readonly blocks: readonly Block[];
  /** Unique per request: `mock_<turns before>_<number of the request>`. */
  readonly id: string;
}

export type Block =
  | { readonly kind: "text" | "thinking"; readonly text: string; readonly id: string }
  | {
      readonly kind: "call";
      readonly id: string;
      readonly name: string;
      readonly input: JsonObject;
      readonly custom: boolean;
    };

/** Names the calls and gives ids: no clock and no randomness, so the same conversation gives the same bytes. */
export function answerOf(conversation: Conversation, message: MessageStep, requestNumber: number): Answer {
  const id = `mock_${conversation.turns}_${requestNumber}`;
  const blocks = message.content.map((content, index): Block => {
    const blockId = `${id}_${index}`;
    if (content.kind !== "tool") return { kind: content.kind, text: content.text, id: blockId };
    const { name, input } = mapCall(content.call, conversation);
    const custom = conversation.tools.some((tool) => tool.name === name && tool.custom);
    return { kind: "call", id: blockId, name, input, custom };
  });
  return { conversation, message, blocks, id };
}

/** The text in about `count` pieces; never none, so that an empty text still makes one event. */
export function piecesOf(text: string, count: number): readonly string[] {
  const size = Math.max(1, Math.ceil(text.length / Math.max(1, count)));
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
  return pieces.length === 0 ? [""] : pieces;
}

export function pieceCount(message: MessageStep): number {
  return message.pace?.pieces ?? 3;
}

/** About how many tokens a text is: four characters each. */
export function roughTokens(value: JsonValue | undefined): number {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? "");
  return Math.ceil(text.length / 4);
}

/** True for a step that cannot be taken without tools. */
export function needsTools(step: Step): boolean {
  return step.kind === "message" && step.content.some((content) => content.kind === "tool");
}
